//! Words of the ground: places, doorways, dwellings; and of the link that welcomes a new account's owner.

crate::words::words! {
    nav_places: "地方和门栋", "Places";
    places_title: "地方和门栋", "Places and doorways";
    places_hint: "一级一级点下去，到门栋看每一户。", "Go down level by level; a doorway lists its dwellings.";
    places_empty: "这里还没有门栋，请用 pianqu import doorways 导入。", "No doorways here yet: bring them in with pianqu import doorways.";
    col_code: "代码", "Code";
    col_residents: "居民数", "Residents";
    col_parts: "下一级", "Parts";
    col_address: "地址", "Address";
    col_floors: "层数", "Floors";
    col_flats: "户数", "Dwellings";
    col_number: "室号", "Number";
    col_basis: "来源", "Basis";
    col_since: "从哪天起", "Since";
    export_dwellings: "导出每一户", "Dwellings";
    look_list: "整张表", "a whole list";
    look_export(rows): "导出表格，{rows}行", "taken out as a spreadsheet, {rows} rows";

    doorway_of(board): "公示栏 {board}", "board {board}";
    doorway_size(floors, flats): "{floors}层，登记为{flats}户", "{floors} floors, {flats} dwellings on the roster";
    doorway_codes: "这个门栋的二维码", "The codes of this doorway";
    dwellings_section(n): "户室（{n}）", "Dwellings ({n})";
    dwellings_supposed: "这些室号是按层数和户数推算的，还没有人核对。改动任何一户，就从今天起逐户记录。", "These numbers follow from floors and dwellings; nobody has checked them yet. The first change lists them one by one.";
    dwellings_none: "还不知道这里有哪些户，请在下面逐户添加，或者导入。", "Nobody has listed the dwellings here. Add them below, or bring in a roster.";
    dwellings_are_listed: "已核对", "listed";
    dwellings_are_supposed: "推算", "supposed";
    dwelling_add: "添一户", "Add a dwelling";
    dwelling_number: "室号", "Number";
    dwelling_number_hint: "比如 301、亭子间。", "Such as 301.";
    dwelling_rename: "改室号", "Change the number";
    dwelling_change: "改动", "Change";
    dwelling_close: "注销这一户", "Close it";
    dwelling_close_hint: "拆除或并户时注销；历史都保留，随时可以恢复。", "For what was pulled down or joined to its neighbour. Its history stays, and it can be opened again.";
    dwelling_reopen: "恢复", "Open again";
    dwellings_closed(n): "已注销（{n}）", "Closed ({n})";
    dwelling_was(number, from, until): "{from}到{until}叫{number}", "{number} from {from} to {until}";
    dwelling_done_add(number): "{number} 已添上。", "{number} was added.";
    dwelling_done_rename(number): "已改为 {number}。", "It is now {number}.";
    dwelling_done_close(number): "{number} 已注销。", "{number} was closed.";
    dwelling_done_reopen(number): "{number} 已恢复。", "{number} is open again.";

    invite_title: "启用您的账号", "Make the account yours";
    invite_hello(name): "{name}，您好。请设密码和动态码，这个链接就用完了。", "Welcome, {name}. Set a password and a second factor; then this link is used up.";
    invite_login(login): "您的账号：{login}", "Your login: {login}";
    invite_password: "新密码", "New password";
    invite_password_hint: "至少10个字，最好是一句只有您知道的话。", "At least 10 characters; best a sentence that only you know.";
    invite_again: "再输入一遍", "Once more";
    invite_secret: "动态码密钥", "Secret for the one-time codes";
    invite_secret_hint: "请输入到手机的动态码应用里（按时间，六位数）。", "Put it into the authenticator on your phone (by time, six digits).";
    invite_totp: "现在显示的六位动态码", "The six digits that it shows now";
    invite_do: "启用账号", "Make it mine";
    invite_gone_title: "这个链接不能用了", "This link is no longer good";
    invite_gone: "链接只能用一次，七天内有效。请让给您开账号的人重新发一个。", "A link is good once, for seven days. Ask whoever made your account for a new one.";
    invite_done: "账号已启用，请登录。", "The account is yours. Please sign in.";
    invite_send: "发邀请链接", "Send an invitation";
    invite_new(whose): "{whose}的邀请链接", "Invitation for {whose}";

    relang_hint: "换成另一种语言，已经写的都留着", "In the other language, keeping what is typed";
    conflict_kept: "您刚才写的都留着，请看看现在的情况再决定。", "What you typed is kept; look at how it stands now and decide.";
    conflict_yours: "您刚才写的", "What you typed";
    earlier_lines(n): "更早的{n}条", "{n} earlier";
    newest_lines: "回到最新", "Back to the newest";
    whole_text: "看全文", "Read it whole";
    back_to_story: "回到这件事", "Back";
}
