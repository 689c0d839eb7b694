"""What the people of the demo write."""

COMMENTS = {
    "sales_attainment": ("主要客户按期续约，新客户贡献超过三成。", "两个大单延期到下季度，其余按计划完成。"),
    "customer_development": ("展会和转介绍带来稳定的新客户。", "新客户数量略低于计划，已增加线上获客。"),
    "collection_timeliness": ("全部应收款按约定周期跟进，无坏账。", "一家客户逾期，已签订还款计划。"),
    "lead_conversion": ("梳理了线索分级，转化周期缩短。", "线索质量不高，转化率有待提升。"),
    "customer_satisfaction": ("客户投诉均在 24 小时内响应。", "售后响应慢了一次，已与售后部改进流程。"),
    "sales_compliance": ("合同和报价均按流程审批。", "CRM 数据补录及时，无违规。"),
    "team_contribution": ("在周会分享了两个成功案例。", "协助市场部完成一次联合活动。"),
    "learning_growth": ("通过产品认证考试。", "完成谈判技巧培训并在工作中应用。"),
}
STRENGTHS = (
    "客户关系维护扎实，重点客户满意度高。",
    "目标意识强，能主动拆解月度计划。",
    "团队协作好，乐于分享经验。",
)
IMPROVEMENTS = (
    "线索转化率需要提高，建议细化线索分级。",
    "回款跟进要更早介入，减少逾期。",
    "市场动态报告要更及时。",
)


def about(indicator: str, place: int) -> str:
    texts = COMMENTS.get(indicator, ("本季度按计划完成。",))
    return texts[place % len(texts)]
