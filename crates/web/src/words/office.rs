//! Words of the offices around the work: notices, who looked, the trail, rights.

crate::words::words! {
    nav_notices: "提醒", "Notices";
    nav_looks: "谁看过", "Who looked";
    nav_trail: "操作记录", "Trail";
    nav_rights: "权限", "Rights";

    notices_title: "提醒", "Notices";
    notices_hint: "快到时限和已经超时的件，按时间排，最新在前。超时一天上报一级。", "Cases near or past their time, newest first. Each day late climbs one level.";
    notices_empty: "没有提醒，都在时限内。", "No notices: everything is in time.";
    notice_soon: "快到时限", "Due soon";
    notice_late: "已经超时", "Overdue";
    notice_climbed(levels): "已经超时，上报{levels}级", "Overdue, {levels} levels up";
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
