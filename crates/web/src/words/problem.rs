//! Problems, plans, whistles and meetings.

super::words! {
    // On a case
    else_plan: "难题方案承诺的时间", "promised by the plan of its problem";
    hi_referral_accepted: "片区受理上报", "The precinct accepted the referral";
    hi_given_back(unit, ground): "片区退回{unit}：{ground}", "Given back to {unit}: {ground}";
    hi_joined_problem(id): "并入难题 {id}", "Joined problem {id}";
    hi_plan_promised(by): "难题方案改为{by}完成", "The plan now promises {by}";
    hi_left_problem(id): "移出难题 {id}", "Left problem {id}";
    hi_settled(solved): "难题方案完成：{solved}", "Settled by the plan: {solved}";
    // What residents read
    stands_in_problem: "这件事牵涉几家单位，片区正在牵头一起办", "Several units are needed; the precinct has brought them together";
    ev_referral_accepted: "片区接过来办了", "The precinct took it over";
    ev_given_back(unit): "片区研究后，由{unit}继续办理", "The precinct looked into it; {unit} goes on with it";
    ev_joined_problem: "不止您一位反映这件事，片区把它们并在一起，定方案来办", "You are not the only one; the precinct joined these reports and makes one plan for them";
    ev_plan_promised: "方案定了新的完成时间", "The plan has a new date";
    ev_left_problem: "这件事和别的不是一个原因，单独办理", "This has a cause of its own and is handled by itself";
    ev_settled: "几家单位一起办完了，请您看看解决了没有", "The units have done their part; please say whether it is solved";
}
