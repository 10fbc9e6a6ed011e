"""What a figure is measured over, who it belongs to and how far along it is: wrong drafts found, right ones left alone."""

from __future__ import annotations

import pytest

from assistant.checks.counts import check_counts
from assistant.checks.fidelity import check_fidelity
from assistant.figures import recognise
from assistant.records import Point


def _errors(notes: str, draft: str) -> list[str]:
    points = [Point(line, number) for number, line in enumerate(notes.split("\n"), 1)]
    return [finding.kind for finding in check_fidelity(draft, points) if finding.severity == "error"]


WRONG = [
    ("补助标准（每人每月）：甲类300元，乙类200元", "甲类补助每人每月300元，乙类补助每人每年200元。", "basis"),
    ("三年建成驿站70座", "年内建成驿站70座。", "basis"),
    ("五年间：出台制度50项", "五年间，年均出台制度50项。", "basis"),
    ("新增泊位26个、充电车位180个", "新增泊位26个，充电车位达到180个。", "basis"),
    ("公租房累计3万套", "全年建设公租房3万套。", "basis"),
    ("失业率平均5.2%", "年末失业率为5.2%。", "basis"),
    ("改制企业57户，其中36户方案进入实施阶段", "57户企业改制，其中36户方案实施完毕。", "basis"),
    ("推进8条路（东环路等）", "建成东环路等8条路。", "basis"),
    ("老厂整体搬迁，投资6.5亿，竣工投产", "老厂整体搬迁项目投资6.5亿元，现已开工建设。", "basis"),
    ("泵站扩建预计年底完成投资1.1亿元", "泵站扩建已完成投资1.1亿元。", "basis"),
    ("增幅均同比：税收29亿，增67.3%", "税收29亿元，年均增长67.3%。", "basis"),
    ("内设机构精简6个", "内设机构增设6个。", "direction"),
    ("城镇收入增4.8%（全国第5）、农村增7%（第6）", "农村收入增长7%，居全国第五，城镇收入增长4.8%，居全国第六。", "swapped"),
    ("投资258亿（不含新区+6.6%，第3）；外资+8.7%（不含新区+16.2%，第2）",
     "投资258亿元（不含新区增长6.6%，第2），外资增长8.7%（不含新区增长16.2%，第3）。", "swapped"),
    ("在校生：中等2000人、高等861人", "高等、中等职业教育在校生分别为2000人和861人。", "swapped"),
    ("城镇收入1.9万元、农村收入7815元，是2006年的2倍、1.8倍",
     "农村收入7815元，城镇收入1.9万元，分别为2006年的2倍和1.8倍。", "swapped"),
    ("人参产值破800亿，梅花鹿规模全国第一", "梅花鹿产值突破800亿元，人参规模全国第一。", "swapped"),
    ("区长带队检查6次，副区长检查11次", "区委书记带队检查6次，副区长检查11次。", "swapped"),
    ("三次产业结构3.6:48:48.4", "三次产业结构为48:3.6:48.4。", "swapped"),
    ("名校长10、名师50（人），工作室10个", "培养名校长10人、名师50人。", "dropped"),
    ("车位2.5万个；共享车位1万个", "建设车位25000个，增加共享车位10000个，合计新增4万个。", "arithmetic"),
    ("规上工业增加值增8.2%", "全部工业增加值增长8.2%。", "swapped"),
    ("常住人口42万", "户籍人口42万。", "swapped"),
    ("一审服判率92%", "二审服判率92%。", "swapped"),
    ("规划新建道路30公里", "新建道路30公里。", "basis"),
    ("日处理污水2万吨", "年处理污水2万吨。", "basis"),
    ("造林保存面积28万亩", "新增造林28万亩。", "basis"),
    ("剔除不可比因素增5%", "增长5%。", "basis"),
    ("县城挂牌企业14家", "县城新增挂牌企业14家。", "basis"),
    ("增速回落1.5个百分点", "下降1.5个百分点。", "direction"),
    ("没有完成12.5%预期目标", "完成了12.5%的预期目标。", "basis"),
    ("存款比上年末多88亿元", "存款比上年同期增加88亿元。", "basis"),
    ("直接融资48.7亿", "直接融资48.7亿美元。", "unit"),
    ("永兴镇建成高标准农田4300亩", "安平镇建成高标准农田4300亩。", "swapped"),
    ("比“八五”增：外资2.3倍", "外资达到“八五”的2.3倍。", "altered"),
    ("产量增幅：苹果3.4%、食用菌6.8%、药材13.7%", "药材、食用菌、苹果三大产业增效，产量分别增长3.4%、6.8%和13.7%。", "swapped"),
    ("货运额破7000亿", "货运额时隔两年突破7000亿元。", "invented"),
]  # fmt: skip


@pytest.mark.parametrize(("notes", "draft", "kind"), WRONG)
def test_a_change_of_scope_is_found(notes: str, draft: str, kind: str) -> None:
    assert kind in _errors(notes, draft)


RIGHT = [
    ("占比每年+1个百分点", "占比每年提高一个百分点。"),
    ("汽车超40万辆，家电超450万台", "家电、汽车分别超过450万台、40万辆。"),
    ("12345热线：解决率96.7%、满意率97%", "12345热线解决率、满意率分别达96.7%和97%。"),
    ("比前5年增1.26倍", "比前五年增长1.26倍。"),
    ("比全国平均高0.28个百分点", "超过全国平均水平0.28个百分点。"),
    ("出口额是上年的3倍", "出口额比上年增长2倍。"),
    ("新增学位1350个", "新增学位1350个。这1350个学位缓解了入学难。"),
    ("残疾人两项补贴：生活补贴209元，护理补贴280元", "生活补贴、护理补贴分别为209元和280元。"),
    ("三次产业3.6:48:48.4", "三次产业结构为3.6 : 48 : 48.4。"),
    ("财政收入10.3亿，破10亿大关", "财政收入突破10亿元大关，达到10.3亿元。"),
    ("中心新增2家、共6家", "新增中心2家，达到6家。"),
    ("两年新建、改扩建校舍2400所", "两年新建、改建、扩建校舍2400所。"),
    ("收入：城镇2.36万元，比2011年增8129元；农村1.53万元，增7091元",
     "城乡居民收入达到2.36万元和1.53万元，分别比2011年增加8129元和7091元。"),
    ("亿美元：承包工程近13，旅游创汇22.2", "承包工程近13亿美元，旅游创汇22.2亿美元。"),
    ("里程：97年123→02年176（万公里）", "里程由1997年的123万公里增加到2002年的176万公里。"),
    ("投资50亿，2017.10开工", "总投资50亿元，2017年10月开工。"),
    ("重污染天数同比-6.4天", "重污染天数同比减少6.4天。"),
    ("十年来最多一年；新批5940家", "新批5940家，是十年来最多的一年。"),
    ("粮800亿斤以上、肉60亿斤以上", "粮肉产量分别稳定在800亿斤、60亿斤以上。"),
    ("进出口、利用外资各增5%", "进出口总额增长5%，实际利用外资增长5%。"),
    ("全省GDP上14万亿台阶", "全省生产总值迈上14万亿元新台阶。"),
    ("归集资金2亿3千5百万元，平均用时9天半", "归集资金2.35亿元，平均用时9.5天。"),
]  # fmt: skip


@pytest.mark.parametrize(("notes", "draft"), RIGHT)
def test_another_way_to_say_it_is_left_alone(notes: str, draft: str) -> None:
    assert _errors(notes, draft) == []


def test_a_year_with_letters_for_noughts_is_a_date() -> None:
    assert [figure.kind for figure in recognise("二OO九年开工")] == ["date"]


def test_a_proportion_is_no_time_of_day() -> None:
    assert [figure.kind for figure in recognise("3.6:48:48.4")] == ["num"] * 3
    assert [figure.kind for figure in recognise("9:30开会")] == ["code"]


def test_a_slogan_spelt_out_by_its_verb_is_counted() -> None:
    found = check_counts("推行“三送”服务，即送政策、送岗位，帮助就业。")
    assert [finding.kind for finding in found] == ["count"]
