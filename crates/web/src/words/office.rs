//! Words of the offices around the work: notices, who looked, the trail, rights.

crate::words::words! {
    nav_notices: "提醒", "Notices";
    nav_looks: "谁看过", "Who looked";
    nav_trail: "操作记录", "Trail";
    nav_rights: "权限", "Rights";

    nav_reading: "读懂", "Reading";
    reading_title: "系统读懂来件的情况", "How well texts are read";
    reading_hint: "来件是什么事项，系统先读一遍，由调度员定。这里看系统和人说的一样不一样，从人那里学到了什么。不记人名。", "The program reads what each case is about, and the dispatcher decides. Here is how often both said the same, and what was learnt from people. Nobody is named.";
    reading_months: "换个月份", "Other months";
    reading_before: "上个月", "Month before";
    reading_after: "下个月", "Month after";
    reading_month(year, month): "{year}年{month}月", "{month}/{year}";
    reading_empty: "这个月还没有派单。", "Nothing was dispatched in this month.";
    reading_empty_hint: "每次派单都记下系统说的和人定的事项。", "With each dispatch, the subject that was proposed and the one that was chosen are kept.";
    reading_sum(cases, share): "派单{cases}件，系统说的和人定的一样：{share}", "{cases} cases were dispatched; read as people decided: {share}";
    reading_unsure_sum(share): "系统拿不准、请人定的：{share}", "The program was unsure and asked: {share}";
    reading_returned_sum(share): "派错了退回的：{share}", "Given back by the unit: {share}";
    reading_cases: "件数", "Cases";
    reading_agreed: "一样", "Agreed";
    reading_share: "一样的占", "Share";
    reading_unsure: "拿不准", "Unsure";
    reading_returned: "退回", "Given back";
    reading_learnt: "学到的", "What was learnt";
    reading_learnt_hint: "人改过的事项，马上就学。同一个人最多算最近二十件。学错了，点“忘掉”，件上的事项不变。", "What people changed is learnt at once; of one person the latest twenty count. If a lesson is wrong, forget it: the case keeps its subject.";
    reading_change(from, to): "{from}改为{to}", "{from} → {to}";
    reading_forget: "忘掉", "Forget";
    reading_nothing_learnt: "还没有改过的。", "Nothing was changed yet.";
    reading_more(n): "还有更早的{n}件。", "{n} earlier ones are heeded too.";
    opinion_ask(model): "问问本区的模型（{model}）", "Ask the district's model ({model})";
    opinion_told(subject): "本区的模型说：{subject}。只供参考，由您定。姓名、门牌、号码已隐去才发出。", "The district's model says: {subject}. You decide. Names, rooms and numbers were hidden before the text was sent.";
    opinion_none: "本区的模型没有给出答案，不影响派单。", "The district's model gave no answer; nothing depends on it.";
    read_sure(subject, share, why): "系统读作：{subject}（{share}），因为：{why}", "Read as: {subject} ({share}), because of: {why}";
    read_unsure(several): "系统拿不准，请您定。像是：{several}", "Unsure: please decide. Likely: {several}";

    notices_title: "提醒", "Notices";
    notices_hint: "轮到您的、快到时限的、已经超时的，最新在前。超时一天上报一级。要不要另发邮件、短信，在“我的账号”里选。", "What is yours to do, near its time or past it, newest first. Each day late climbs one level. Whether they are sent to you as well is chosen under your account.";
    notices_empty: "没有提醒，都在时限内。", "No notices: everything is in time.";
    notice_climbed(what, levels): "{what}，上报{levels}级", "{what}, {levels} levels up";

    choice_link: "怎样提醒我", "How I am told";
    choice_title: "怎样提醒我", "How I am told";
    choice_hint: "所有提醒都在“提醒”页上。这里选择要不要另外发给您。", "Every notice is on the page of notices. Choose here whether it is sent to you as well.";
    choice_none: "系统还没有接通邮件和短信，请联系系统管理员。", "Neither e-mail nor messages are set up; ask the system administrator.";
    choice_email: "电子邮件地址", "E-mail address";
    choice_email_hint: "不填就不发邮件。", "Leave empty for no e-mail.";
    choice_hook: "手机号或工作群账号", "Mobile number or name in the work chat";
    choice_hook_hint: "不填就不发短信和群消息。", "Leave empty for no messages.";
    choice_quiet_from: "免打扰开始", "Quiet from";
    choice_quiet_to: "免打扰结束", "Quiet until";
    choice_quiet_hint(from, to): "不填按规定：{from}到{to}。紧急的照发。", "Leave empty for the rule: {from} to {to}. What is urgent comes all the same.";
    choice_quiet_none: "不填就随时发。", "Leave empty to be told at any time.";
    choice_digest: "几条提醒并成一封，最多等几分钟", "Gather several into one, waiting at most, in minutes";
    choice_digest_hint(minutes): "不填按规定：{minutes}分钟。填0就马上发。紧急的不等。", "Leave empty for the rule: {minutes}. 0 sends at once. What is urgent does not wait.";
    choice_keep: "就这样提醒我", "Tell me like this";
    choice_kept: "已经记下。", "Kept.";
    col_when: "时间", "When";
    col_case: "件", "Case";
    col_notice: "提醒", "Notice";

    looks_title: "谁看过居民信息", "Who looked at residents' data";
    looks_hint: "看被遮住的内容要说明用途，每次都记在这里。", "Opening what is masked asks for a purpose; every time is written down here.";
    looks_empty: "还没有人看过。", "Nobody has looked yet.";
    col_who: "谁", "Who";
    col_purpose: "用途", "What for";

    trail_title: "操作记录", "The trail of changes";
    trail_hint: "每次改动一条，最新在前。内容不在这里显示；完整性用 pianqu verify 查验。", "One line for every change, newest first. What was said is not shown here; pianqu verify checks that nothing was altered.";
    trail_empty: "还没有记录。", "Nothing yet.";
    col_event: "做了什么", "What";
    col_subject: "对象", "Of what";
    actor_resident: "居民", "resident";
    actor_system: "系统", "the program";

    rights_title: "岗位和权限", "Roles and rights";
    rights_hint: "给别人加减岗位、重置动态码。自己的权限自己不能改；每次改动都有记录。", "Give and take roles, reset second factors. Nobody changes their own rights; every change is on record.";
    rights_find: "查账号或姓名", "Find a login or a name";
    rights_none: "没有找到账号。", "No account found.";
    rights_no_role: "没有岗位", "no role";
    rights_own: "这是您自己的账号。", "This is your own account.";
    right_take: "去掉", "Take away";
    right_change: "改动", "Change";
    right_place: "地方编号（可不填）", "Place number (optional)";
    right_unit: "单位编号（可不填）", "Unit number (optional)";
    right_give: "加上这个岗位", "Give this role";
    factor_reset: "重置动态码", "Reset second factor";
    factor_new(whose): "{whose}的新密钥", "New secret for {whose}";
    factor_once: "只显示这一次，请当面交给本人，输入到动态码应用里。", "Shown this once. Hand it over in person, to be put into an authenticator.";
    account_new: "新建账号", "New account";
    account_name: "姓名", "Name";
    account_new_hint: "密码和动态码密钥只显示一次，请当面交给本人。新账号没有岗位，接着在下面加。", "Password and secret are shown once; hand them over in person. A new account has no role: give one below.";
    account_make: "建账号", "Make the account";
    account_end: "停用账号", "End this account";
}
