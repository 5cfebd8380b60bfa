//! The life of a case in plain words, read by residents and, with the same sense, by staff.

super::words! {
    // Where it stands, for the resident
    stands_received: "已收到，正在安排谁来办", "Received. We are finding out who will do it";
    stands_assigned(unit): "已交给{unit}", "Given to {unit}";
    stands_in_hand(unit): "{unit}正在办", "{unit} is on it";
    stands_answered: "已答复，请您看看解决了没有", "Answered. Please say whether it is solved";
    stands_at_meeting: "几家单位推不动，片区开会定", "No unit could take it; the precinct’s meeting will decide";
    stands_referred: "居委会一家办不了，已经报到片区", "More than the committee can do; the precinct has it";
    stands_parked: "暂时办不了，先挂着，不会忘", "Cannot be done for now; kept, not forgotten";
    stands_closed: "办完了", "Done";
    stands_merged: "和别的邻居说的合在一起办", "Goes on together with a neighbour’s report";
    stands_redirected: "这件事要找别的地方", "This is for somebody else";
    stands_withdrawn: "您已撤回", "Taken back by you";
    // What comes next
    next_dispatch(by): "{by}定下由谁来办。", "Who does it will be settled {by}.";
    next_contact(by): "{by}联系您。", "They will contact you {by}.";
    next_answer(by): "{by}答复您。", "They will answer you {by}.";
    next_silence(by): "{by}您没说“还没解决”，就算办完；办完了也可以再说。", "If you do not say “not solved” {by}, it counts as done. You can still say so afterwards.";
    next_call_back(by): "{by}给您回访。", "We will ring you back {by}.";
    next_meeting(by): "{by}开会定下来。", "The meeting will decide {by}.";
    next_review(day): "{day}再看一次。", "Looked at again on {day}.";
    next_late(promise, how): "说好{promise}，已经超了{how}，对不起。", "Promised {promise}; overdue by {how}. We are sorry.";
    // Events, for residents
    ev_you_reported: "您说了这件事", "You reported this";
    ev_neighbour_reported: "一位邻居先说了这件事", "A neighbour reported this first";
    ev_you_joined: "您也说了这件事", "You said so too";
    ev_neighbour_joined: "又有一位邻居说了这件事", "Another neighbour said so too";
    ev_you_remarked: "您补充", "You added";
    ev_neighbour_remarked: "邻居作了补充", "A neighbour added something";
    ev_dispatched(unit): "交给{unit}办理", "Given to {unit}";
    ev_weighed: "工作人员先看过了", "Staff have looked at it first";
    ev_recalled: "收回来，换一家办", "Taken back, to be given to somebody else";
    ev_contacted(unit): "{unit}联系了您", "{unit} spoke with you";
    ev_not_reached(unit): "{unit}联系过您，没联系上", "{unit} tried to reach you";
    ev_returned(unit): "{unit}说不归他们管，退了回来", "{unit} gave it back as not theirs";
    ev_to_meeting: "退了三次，交片区会议定", "Given back three times; the precinct’s meeting decides";
    ev_referred: "居委会一家办不了，报到片区", "Referred to the precinct by the committee";
    ev_extended: "要多些时间", "More time is needed";
    ev_answered(unit): "{unit}答复", "{unit} answered";
    ev_answered_at_once: "当场答复", "Answered at once";
    ev_you_confirmed: "您说解决了", "You said that it is solved";
    ev_neighbour_confirmed: "邻居说解决了", "A neighbour said that it is solved";
    ev_you_not_solved: "您说还没解决，重新办理，单位负责人参加", "You said that it is not solved. It is taken up again, with the head of the unit";
    ev_neighbour_not_solved: "邻居说还没解决，重新办理", "A neighbour said that it is not solved. It is taken up again";
    ev_you_rated(rating): "您的评价：{rating}", "Your rating: {rating}";
    ev_called_back: "片区给您回访", "We rang you back";
    ev_called_in_vain: "片区给您回访，没联系上", "We rang you back and did not reach you";
    ev_parked: "暂时办不了，先记下来", "Cannot be done for now; kept for later";
    ev_unparked: "重新拿出来办", "Taken up again";
    ev_merged(number): "和 {number} 号合在一起办", "Joined with no. {number}";
    ev_absorbed(n): "又并进来 {n} 位邻居说的同一件事", "The same matter from {n} more neighbours was joined to this";
    ev_separated: "分开，单独办", "Stands alone again";
    ev_redirected(to): "请您找{to}", "Please turn to {to}";
    ev_you_withdrew: "您撤回了", "You took it back";
    ev_neighbour_withdrew: "一位邻居撤回了", "A neighbour took their report back";
    ev_closed_resident: "办完", "Done";
    ev_closed_silence: "到日子没有新的消息，算办完。没解决的话您随时可以说", "Counted as done, as nothing more was heard. If it is not solved, say so any time";
    ev_closed_call_back: "回访以后办完", "Done, after the call-back";
    ev_closed_answer: "问题答复了，办完", "The question was answered; done";
    // Promises
    promise_dispatch(by): "{by}定下由谁办", "to be settled {by}";
    promise_contact(by): "{by}联系您", "to contact you {by}";
    promise_answer(by): "{by}答复您", "to answer you {by}";
    promise_call_back(by): "{by}回访", "to ring you back {by}";
    promise_kept: "做到了", "kept";
    promise_late(how): "晚了{how}", "{how} late";
    promise_broken(how): "已经超了{how}", "overdue by {how}";
    promise_running(how): "还有{how}", "{how} left";
    promise_dropped: "不再适用", "no longer applies";
}
