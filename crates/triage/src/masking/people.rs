//! Names of people: before a title (张先生, 欧阳明远医生), and after words that bring in a name (我叫, 联系人).

use super::letters::Letter;
use super::{Found, SpanKind, at};

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温庞樊殷施洪安颜倪易章齐梅庄伍舒邢包康尤喻欧阎聂柴翟凌祝管游鲁裴童邬冉鲍桂葛甘屈柯晏柏裘缪解宗丘应宣单杭左吉谷宁仇栾池阮柳岳褚卫窦苗凤花俞涂盛成詹关辛焦巴艾蒲骆蔺";
const COMPOUND: &[[char; 2]] = &[
    ['欧', '阳'],
    ['司', '马'],
    ['上', '官'],
    ['诸', '葛'],
    ['皇', '甫'],
    ['尉', '迟'],
    ['公', '孙'],
    ['慕', '容'],
    ['令', '狐'],
    ['司', '徒'],
    ['夏', '侯'],
    ['东', '方'],
];
const TITLES: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "老师",
    "医生",
    "大夫",
    "师傅",
    "阿姨",
    "叔叔",
    "大爷",
    "大妈",
    "大叔",
    "大姐",
    "大哥",
    "奶奶",
    "爷爷",
    "伯伯",
    "婆婆",
    "老太",
    "老伯",
    "经理",
    "副经理",
    "主任",
    "副主任",
    "书记",
    "副书记",
    "校长",
    "副校长",
    "院长",
    "所长",
    "局长",
    "副局长",
    "科长",
    "处长",
    "站长",
    "队长",
    "镇长",
    "村长",
    "区长",
    "市长",
    "县长",
    "厅长",
    "部长",
    "组长",
    "楼长",
    "老板",
    "律师",
    "教授",
    "护士",
    "警官",
    "法官",
    "检察官",
    "同志",
    "同学",
    "会计",
    "工程师",
    "师父",
    "大嫂",
    "嫂子",
    "太太",
    "夫人",
    "某某",
    "某",
    "女士们",
];
/// Words that end like a surname.
const WORDS: &[&str] = &[
    "语文",
    "中文",
    "英文",
    "作文",
    "历史",
    "由于",
    "关于",
    "对于",
    "鉴于",
    "等于",
    "属于",
    "位于",
    "保安",
    "公安",
    "治安",
    "西安",
    "回应",
    "反应",
    "相应",
    "响应",
    "对应",
    "供应",
    "主管",
    "监管",
    "城管",
    "交管",
    "简单",
    "名单",
    "保单",
    "订单",
    "完成",
    "变成",
    "造成",
    "导游",
    "旅游",
    "方方",
    "对方",
    "官方",
    "地方",
    "双方",
    "各方",
    "我方",
    "警方",
    "校方",
    "院方",
    "资方",
    "甲方",
    "乙方",
    "施工方",
    "医药方",
    "平安",
    "新安",
    "理解",
    "了解",
    "现任",
    "前任",
    "历任",
    "担任",
    "责任",
    "班主任",
    "主任",
    "信任",
    "长江",
    "现金",
    "基金",
    "资金",
    "奖金",
    "黄金",
    "公共和",
    "以及",
    "方向",
    "倾向",
    "体育",
    "音乐",
    "舞蹈",
    "原来",
    "全家",
    "千万",
    "百万",
    "万万",
    "几万",
    "多万",
    "小区",
    "社区",
    "隔壁",
    "健康",
    "安康",
    "小康",
    "附近",
    "高高",
    "提高",
    "最高",
    "太高",
    "很高",
    "较高",
    "升高",
    "宝马",
    "下马",
    "上马",
    "大马",
    "人马",
    "立马",
    "白白",
    "明白",
    "空白",
    "水龙",
    "花花",
    "开花",
    "种花",
    "卫卫",
    "环卫",
    "保卫",
    "警卫",
    "防卫",
    "后卫",
    "祝祝",
    "庆祝",
    "成成",
    "达成",
    "组成",
    "形成",
    "单单",
    "左左",
    "机关",
    "相关",
    "有关",
    "无关",
    "海关",
    "把关",
    "开关",
    "路段",
    "阶段",
    "时段",
    "手段",
    "地段",
    "标段",
    "武武",
    "严严",
    "从严",
    "人员",
    "左右",
    "岩石",
    "砂石",
    "沙石",
    "钻石",
    "不易",
    "容易",
    "交易",
    "贸易",
    "轻易",
    "如何",
    "为何",
    "任何",
    "几何",
    "奈何",
    "会计",
    "楼盘",
    "雷雷",
    "地雷",
    "全程",
    "工程",
    "过程",
    "流程",
    "课程",
    "教程",
    "路程",
    "里程",
    "日程",
    "议程",
    "章程",
    "规章",
    "公章",
    "文章",
    "盖章",
    "违章",
    "图章",
    "勋章",
    "丰田",
    "农田",
    "水田",
    "良田",
    "夏夏",
    "华夏",
    "初夏",
    "今夏",
    "白夏",
    "东方",
    "南方",
    "北方",
    "西方",
    "凤凰",
    "白花",
    "水池",
    "电池",
    "泳池",
    "门卫",
    "总经理",
    "项目经理",
    "阿姨",
    "森林",
    "园林",
    "树林",
    "竹林",
    "山林",
    "玉林",
    "桂林",
    "吉林",
    "翰林",
    "牛黄",
    "扫黄",
    "金黄",
    "发黄",
    "合同",
];
/// Words that bring in a name, and what may follow the name.
const BRINGS_IN: &[&str] = &[
    "我叫",
    "名叫",
    "叫做",
    "姓名",
    "联系人",
    "户主",
    "法人",
    "法定代表人",
    "法人代表",
    "申请人",
    "投诉人",
    "举报人",
    "反映人",
    "当事人",
    "患者",
    "本人",
    "署名",
    "落款",
    "签名",
    "收件人",
    "收款人",
];

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn text(letters: &[Letter], from: usize, to: usize) -> String {
    letters[from..to.min(letters.len())].iter().map(|l| l.c).collect()
}

/// How many letters a surname takes that begins here.
fn surname(letters: &[Letter], i: usize) -> usize {
    let pair = [at(letters, i), at(letters, i + 1)];
    if COMPOUND.contains(&pair) { 2 } else { usize::from(SURNAMES.contains(pair[0])) }
}

/// The title that stands here.
fn title(letters: &[Letter], i: usize) -> Option<usize> {
    let here = text(letters, i, i + 3);
    TITLES.iter().filter(|t| here.starts_with(**t)).map(|t| t.chars().count()).max()
}

/// Whether the letter there ends a common word and so begins no name.
fn ends_word(letters: &[Letter], i: usize) -> bool {
    let before = text(letters, i.saturating_sub(2), i + 1);
    WORDS.iter().any(|w| before.ends_with(w))
}

/// A name of a person that begins here.
pub(super) fn name(letters: &[Letter], i: usize) -> Found {
    let length = surname(letters, i);
    if length == 0 || ends_word(letters, i) {
        return None;
    }
    let joins = matches!(
        at(letters, i),
        '向' | '于'
            | '应'
            | '关'
            | '任'
            | '何'
            | '方'
            | '安'
            | '单'
            | '成'
            | '解'
            | '管'
            | '游'
            | '左'
            | '万'
            | '高'
            | '白'
            | '花'
            | '许'
            | '金'
            | '石'
            | '江'
            | '龙'
            | '易'
            | '卫'
            | '武'
            | '马'
            | '叶'
            | '林'
            | '田'
            | '梅'
            | '温'
            | '史'
            | '池'
            | '谷'
            | '祝'
            | '包'
            | '盛'
            | '章'
            | '程'
            | '段'
            | '雷'
            | '毛'
            | '钱'
            | '全'
    );
    // Before a title: the surname alone, or with one or two letters; a letter that is often a word takes none.
    for given in 0..=2 {
        let at_title = i + length + given;
        if given > 0 && (!is_han(at(letters, at_title - 1)) || (joins && length == 1)) {
            break;
        }
        if let Some(title) = title(letters, at_title) {
            // 张 in 向张先生 begins the name, 王 in 王林先生 too: the first surname that fits holds.
            let end = at_title + title;
            return Some((SpanKind::Name, i, end));
        }
    }
    // After words that bring in a name.
    let before = text(letters, i.saturating_sub(8), i);
    let trimmed = before.trim_end_matches([' ', ':', '：', '是', '为', '(', '（', '，', ',', '、', '"', '“']);
    let marked = trimmed.len() < before.len();
    if !BRINGS_IN.iter().any(|w| trimmed.ends_with(w)) {
        return None;
    }
    let weak = trimmed.ends_with("本人") || trimmed.ends_with("患者") || trimmed.ends_with("法人");
    let given = letters[i + length..].iter().take(2).take_while(|l| is_han(l.c)).count();
    let next = at(letters, i + length + given);
    let ended = !is_han(next)
        || matches!(
            next,
            '性' | '男'
                | '女'
                | '身'
                | '电'
                | '住'
                | '手'
                | '今'
                | '现'
                | '家'
                | '年'
                | '出'
                | '于'
                | '是'
                | '系'
                | '和'
                | '在'
                | '来'
                | '想'
                | '要'
        );
    if given == 0 || (!ended && given == 2 && weak && !marked) {
        return None;
    }
    Some((SpanKind::Name, i, i + length + given))
}
