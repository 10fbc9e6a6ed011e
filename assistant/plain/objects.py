"""Nouns that are worked on, the verbs that notes put behind them, and the measure words that count them.

Reviewed by hand. A noun is in a class only if it can never be the one who acts (隐患整改3处: nobody but the writer mends),
or if the measure word shows that it is what is counted (企业走访126家次). One line of a class is one list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUALIFIER = r"(?:约|近)?"  # behind 超过 or 达 the noun and its verb are a subject: 资金投放超过3亿元
NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十两百]{1,4})[十百千万亿]*[余多]?(?:万)?"
BOUND = r"(?:以上|以下|以内|左右)?"


@dataclass(frozen=True, slots=True)
class Kind:
    """Nouns of one kind with their verbs and measure words, as alternations of a pattern, longest first."""

    nouns: str
    verbs: str
    measures: str


def _longest_first(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


def _kind(nouns: str, verbs: str, measures: str) -> Kind:
    return Kind(_longest_first(nouns), _longest_first(verbs), _longest_first(measures))


KINDS = (
    _kind(  # texts
        "文稿 讲话稿 材料 文件 公文 报告 信息 简报 稿件 论文 文章 档案 案卷 卷宗 文书 合同 规划 图纸 规章 制度 预案 短视频 "
        "视频 图文",
        "起草 撰写 拟写 审核 审查 前置审核 合法性审核 编发 编印 报送 上报 印发 制发 下发 推送 刊发 发表 发布 采写 整理 归档 "
        "查阅 评查 修订 制定 清理 废止 签订 签发 转发 呈报 收发 流转 核稿 备案 录入 扫描 制作 拍摄 校核",
        "篇 件 份 期 条 部 卷 宗 册 项 个 幅 万字 次",
    ),
    _kind(  # matters that are dealt with
        "案件 积案 事项 工单 诉求 投诉 举报 投诉举报 来信 信件 来电 线索 纠纷 矛盾纠纷 代表建议 委员提案 政协提案 人大建议 "
        "建议提案 提案 建议 议案 批示 申请 许可 咨询 报关单 交办件 督办件 信访件 舆情 警情 违法行为 违规行为 违章 司法建议 提示函 "
        "检察建议 行政复议 法律援助 公证 环评 能评 调解协议 仲裁 证书 许可证 执照 不动产证 社保卡",
        "受理 补换 补办 办理 办结 审结 审理 查办 查处 侦办 侦破 破获 化解 调解 调处 处理 处置 答复 回复 回应 响应 发出 转办 交办 督办 "
        "移送 移交 核查 核实 审批 审核 审查 接收 接听 评查 回访 纠正 制止 稳控 签发 发放 核发 颁发 换发 制发 确认 销号",
        "件 件次 起 条 宗 项 个 例 票 单 通 张 本 份 批 批次 次",
    ),
    _kind("来访 群众来访", "接待", "批 批次 件 次 人次 人"),
    _kind(  # what is wrong
        "隐患 问题 漏洞 缺陷 违建 违法建设 违章建筑 堵点 难点 图斑 风险 风险点 排污口 黑臭水体 乱点 安全隐患 占道经营",
        "整改 整治 排查 消除 解决 查处 销号 拆除 治理 化解 处置 查改 发现 清理 核查 督办 挂牌督办 反馈",
        "处 个 条 项 件 起 宗 栋 平方米 亩",
    ),
    _kind(  # works and things
        "小区 街巷 小巷 厕所 公厕 户厕 路灯 道路 公路 桥梁 危桥 管网 管道 管线 渠道 水渠 河道 河流 沟渠 堤防 河堤 水库 山塘 "
        "水闸 泵站 机井 校舍 教室 宿舍 食堂 实验室 房屋 危房 农房 民房 棚户区 车位 停车位 泊位 充电桩 农田 大棚 树木 行道树 公园 口袋公园 "
        "游园 绿地 站点 电梯 标志 标牌 护栏 设施 设备 线路 电网 摄像头 监控 图书 农机 床位 学位 托位 示范村 书屋 广场 农贸市场 "
        "院落 庭院 矿山 水土流失 荒山 林地 草原 湿地 路口 井盖 保障房 公租房 安置房 人才公寓 土地 耕地 文物 端口 专家门诊 专科门诊 岗位 避难场所 终端 助餐点 照料中心 基站 撂荒地 特种设备",
        "改造 整治 建设 新建 改建 扩建 维修 维护 养护 修复 治理 加固 除险加固 清淤 疏浚 衬砌 清理 清掏 拆除 新增 增设 安装 新装 更换 "
        "更新 铺设 架设 建成 配备 购置 采购 检修 巡查 检查 排查 抢修 硬化 亮化 绿化 升级 升级改造 提升改造 提质改造 更新改造 "
        "综合整治 综合治理 打通 修缮 分配 交付 腾退 征收 流转 补栽 补植 管护 新开 收储 复垦 整理 供应 出让 开发 检验 检测",
        "个 件 条 座 盏 公里 千米 米 间 套 处 所 亩 公顷 平方米 平方公里 立方米 台 株 棵 根 部 张 块 栋 幢 口 眼 宗 户",
    ),
    _kind(  # money
        "税款 欠税 欠薪 资金 债券 补贴 补助 救助金 慰问金 抚恤金 养老金 赃款 违纪款 罚款 案款 执行款 欠款 贷款 租金 优抚金 消费券 "
        "医保基金 公积金 电费 水费 损失 经济损失",
        "追缴 追缴入库 追回 收缴 清缴 清收 征收 发放 兑付 拨付 下达 争取 落实 筹集 募集 减免 缓缴 清退 退还 退赔 挽回 投放 "
        "返还 上缴 盘活 归集",
        "元 户 人 人次 笔",
    ),
    _kind(  # goods
        "食品 药品 商品 产品 货物 物资 毒品 枪支 农产品 侵权商品 侵权货物 有害生物 疫苗 样品 农资 卷烟 化肥 种子 非法出版物 "
        "危险废物 垃圾 生活垃圾 建筑垃圾",
        "抽检 检验 检测 查扣 查获 收缴 没收 销毁 截获 监管 储备 调拨 采购 捐赠 接种 清运 处理 处置 回收 召回 下架 销售 收购",
        "批次 批 件 吨 公斤 千克 克 升 种 种次 箱 盒 支 剂 剂次 条 份 台",
    ),
    _kind(  # people that something is done to
        "教师 护士 医生 医师 人才 干部 年轻干部 公务员 社工 科技特派员 辅警 护林员 毕业生 选调生 党员 技能人才 劳动力 犯罪嫌疑人",
        "招聘 招录 引进 选派 选聘 聘用 提拔 发展 招募 轮训 选调 录用 抓获",
        "人 名 人次 位",
    ),
    _kind("职级", "晋升", "人 名"),
    _kind("就业", "新增", "人"),
    _kind("岗位 就业岗位", "开发 提供 发布 新增", "个"),
    _kind(  # firms
        "企业 市场主体 经营主体 龙头企业 高新技术企业 合作社 家庭农场 网点 门店 餐饮单位 药店 民宿",
        "培育 走访 检查 巡查 抽查 引进 孵化 关停 取缔 新增 净增 评估 约谈 认定 登记 新登记 注销 认证 监管 清理 回访 摸排 公示",
        "家 个 家次",
    ),
    _kind("个体户 个体工商户 经营主体 市场主体", "登记 新登记 新增 净增 注销", "户"),
    _kind(
        "学校 幼儿园 卫生院 村卫生室 养老院 敬老院 服务站 驿站 文化站",
        "新建 改建 扩建 改扩建 新改扩建 建设 建成 改造 创建 新增",
        "所 个 家 处",
    ),
    _kind(
        "项目 工程 课题 试点 技改项目",
        "实施 储备 谋划 引进 推进 审批 核准 备案 申报 争取 承接 审计 评审 验收 立项 策划 承担 完成 签约 新增",
        "个 项 宗 件 处",
    ),
    _kind("庭审", "旁听 观摩 评查 直播", "场 次 件 人次"),
    _kind("会议", "服务 保障 承办 筹办", "次 场 个 场次"),
    _kind(
        "讲座 培训班 夜校 座谈会 推进会 调度会 评议会 论坛 比赛 竞赛 大赛 活动 演出 招聘会 推介会 发布会 家长会 演练 义诊 "
        "宣讲会 运动会 文艺演出 听证会",
        "举办 召开 开展 组织 举行 承办 开设",
        "期 场 次 场次 讲 届 轮 个 班次",
    ),
)

# A word that governs the nouns behind it: 负责文稿起草134篇 has its verb.
GOVERNING = re.compile(
    "其中|成员|每|至少|至多|定期|分别|不少于|下基层|下沉|负责|牵头|开展|组织|参与|参加|协助|配合|主持|承担|加强|推进|推动|做好|抓好|完成|实现|进行|实施|落实|统筹|督促|指导|"
    "带队|带头|会同|协调|支持|帮助|继续|持续|深入|扎实|积极|全力|着力|强化|优化|深化|促进|确保|保障(?!性|房)|加快|加大|启动|出台|"
    "制定|通过|利用|围绕|结合|依法|依托|聚焦|突出|坚持|接受|迎接|出席|列席|代表|起草|形成|接待|撰写|收到|发出|作出|编发|组建|成立|推广|推行|发展(?!党员)|扶持|带动|安排|外出|参训|受邀|应邀|送教|建立|健全|召开|举办|举行|"
    "印发|发放|争取|获批|获得|提供|严格|规范(?!性)|提升|提高|增加|减少|新增|新建|改建|已|均|都|共|被|所|的|了"
)
# Who acts: a noun phrase that ends so, or begins with such a body, may be the subject of the verb behind it.
ACTOR = re.compile(
    r"(?:[局委办院厅署科股室队站]|中心|部门|单位|公司|集团|党组|支部|政府|机关|领导|干部|律师|法官|检察官|民警|警方|医生|"
    r"护士|教师|老师|学生|党员|志愿者|代表|委员|书记|[县市镇乡]长|部长|我们?|本人|职工|群众|村民|居民|农户|社区|企业|学校|"
    r"医院|银行|上级|各[^、]{1,4})$|^(?:公安|法院|检察|海关关员|交警|城管队|我|本人|各)"
)
_STARTS = re.compile(
    r"^(?:为|对|以(?!工)|从|到(?!期)|赴|向|给|把|将|由|按|在(?!建|编|校|册)|不|未|没|与|和|同|比|较|占)"
)


_VERB_AHEAD = re.compile("^(?:" + "|".join(kind.verbs for kind in KINDS) + "|开工|着手|重点|计划|拟)")
_KINDS_OF_MATTERS = re.compile("^(?:项目|工程|任务|课题|事项|案件|问题|抽查|检查|督查)")


def has_verb_ahead(phrase: str, noun: str) -> bool:
    """Whether a noun phrase begins with a verb that governs it (开工建设棚户区…); 审计项目 is a kind of matter."""
    match = _VERB_AHEAD.match(phrase)
    return match is not None and not (match.group() == phrase and _KINDS_OF_MATTERS.match(noun))


def is_bare(phrase: str, *, acting: bool = False) -> bool:
    """Whether what stands before a noun only tells which one it is: no verb, no adverb and, unless `acting`, nobody who
    might do it."""
    return not (GOVERNING.search(phrase) or _STARTS.match(phrase) or (not acting and ACTOR.search(phrase)))
