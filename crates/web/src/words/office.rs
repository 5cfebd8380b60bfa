//! Words of the offices around the work: notices, who looked, the trail, rights.

crate::words::words! {
    nav_notices: "提醒", "Notices";
    nav_looks: "谁看过", "Who looked";
    nav_trail: "操作记录", "Trail";
    nav_rights: "权限", "Rights";

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
