"""The demo company: 星河科技, about 120 people in four departments. Nobody in it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.people.states import Role

PASSWORD = "pingheng-demo-2026"  # noqa: S105 - printed by the command; the demo holds nobody's data

ENTITY = ("XH", "星河科技有限公司", "Xinghe Technology Ltd")

# code: name, English name, code of the parent
UNITS: dict[str, tuple[str, str, str | None]] = {
    "XH": ("星河科技", "Xinghe Technology", None),
    "SALES": ("销售部", "Sales", "XH"),
    "SALES-E": ("华东销售组", "Sales East", "SALES"),
    "SALES-S": ("华南销售组", "Sales South", "SALES"),
    "SALES-N": ("华北销售组", "Sales North", "SALES"),
    "MKT": ("市场部", "Marketing", "XH"),
    "RD": ("研发部", "Research and Development", "XH"),
    "STAFF": ("职能部", "Corporate Functions", "XH"),
}
POSITIONS = {
    "SPEC": ("销售专员", "Sales specialist"),
    "SLEAD": ("销售主管", "Sales supervisor"),
    "HEAD": ("部门负责人", "Head of department"),
    "MKTG": ("市场专员", "Marketing specialist"),
    "ENG": ("研发工程师", "Engineer"),
    "STAFF": ("职能专员", "Staff specialist"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One person: `manager` is an employee number, `login` the account's name where a role signs in with one."""

    number: str
    name: str
    name_en: str
    unit: str
    position: str
    manager: str | None
    roles: tuple[Role, ...] = ()


# Who the printed log-ins belong to: account name, number, what they are.
NAMED = (
    Part("1001", "周明远", "Zhou Mingyuan", "SALES", "HEAD", None, (Role.SALES_DIRECTOR,)),
    Part("1002", "陈静怡", "Chen Jingyi", "SALES", "SLEAD", "1001"),
    Part("1101", "王强", "Wang Qiang", "SALES-E", "SLEAD", "1002"),
    Part("1201", "黄海涛", "Huang Haitao", "SALES-S", "SLEAD", "1002"),
    Part("1301", "赵雪梅", "Zhao Xuemei", "SALES-N", "SLEAD", "1002"),
    Part("2001", "何志远", "He Zhiyuan", "MKT", "HEAD", None),
    Part("3001", "宋文博", "Song Wenbo", "RD", "HEAD", None),
    Part("4001", "郑芳", "Zheng Fang", "STAFF", "HEAD", None, (Role.HR,)),
    Part("4002", "冯丽华", "Feng Lihua", "STAFF", "STAFF", "4001", (Role.HR,)),
    Part("4003", "韩雪", "Han Xue", "STAFF", "STAFF", "4001"),
    Part("4004", "曹军", "Cao Jun", "STAFF", "STAFF", "4001", (Role.LEGAL,)),
    Part("4005", "许婷", "Xu Ting", "STAFF", "STAFF", "4001", (Role.FINANCE,)),
    Part("4006", "何伟", "He Wei", "STAFF", "STAFF", "4001", (Role.OPERATIONS,)),
    Part("4007", "吕超", "Lü Chao", "STAFF", "STAFF", "4001", (Role.DATA_OWNER,)),
    Part("4008", "沈洁", "Shen Jie", "STAFF", "STAFF", "4001", (Role.AUDITOR,)),
    Part("4009", "马林", "Ma Lin", "STAFF", "STAFF", "4001", (Role.SYSADMIN,)),
    Part("1102", "李娜", "Li Na", "SALES-E", "SPEC", "1101"),
)
# number, words of the role, in the order of the printed list
LOGINS = (
    ("1102", "employee"), ("1101", "manager"), ("1002", "second-level manager"), ("4001", "HR"),
    ("4002", "second HR person"), ("4003", "HR partner of Sales"), ("1001", "sales director"), ("4004", "legal"),
    ("4005", "finance"), ("4006", "operations"), ("4007", "data owner"), ("4008", "auditor"),
    ("4009", "system administrator"),
)  # fmt: skip
PARTNER = ("4003", "SALES")

SURNAMES = {
    "张": "Zhang", "刘": "Liu", "杨": "Yang", "吴": "Wu", "徐": "Xu", "孙": "Sun", "胡": "Hu", "朱": "Zhu", "高": "Gao",
    "林": "Lin", "郭": "Guo", "罗": "Luo", "梁": "Liang", "谢": "Xie", "唐": "Tang", "邓": "Deng", "彭": "Peng",
}  # fmt: skip
GIVEN = {
    "子涵": "Zihan", "雨桐": "Yutong", "浩然": "Haoran", "思琪": "Siqi", "建国": "Jianguo", "晓燕": "Xiaoyan",
    "文静": "Wenjing", "志强": "Zhiqiang", "美玲": "Meiling", "俊杰": "Junjie", "欣怡": "Xinyi", "天宇": "Tianyu",
    "佳宁": "Jianing", "永康": "Yongkang", "婉清": "Wanqing", "立新": "Lixin", "若曦": "Ruoxi",
}  # fmt: skip
# unit, position, manager, first number, how many
GROUPS = (
    ("SALES-E", "SPEC", "1101", 1103, 11),
    ("SALES-S", "SPEC", "1201", 1202, 12),
    ("SALES-N", "SPEC", "1301", 1302, 12),
    ("MKT", "MKTG", "2001", 2002, 17),
    ("RD", "ENG", "3001", 3002, 37),
    ("STAFF", "STAFF", "4001", 4010, 14),
)


def people() -> Iterator[Part]:
    """Everybody, managers before those who report to them."""
    yield from NAMED
    names = _names()
    for unit, position, manager, first, count in GROUPS:
        for number in range(first, first + count):
            name, name_en = next(names)
            yield Part(str(number), name, name_en, unit, position, manager)


def _names() -> Iterator[tuple[str, str]]:
    """Surname and given name in step, shifted by one each round, so that no full name comes twice."""
    for shift in range(len(GIVEN)):
        given = list(GIVEN.items())
        for place, (surname, surname_en) in enumerate(SURNAMES.items()):
            name, name_en = given[(place + shift) % len(given)]
            yield surname + name, f"{surname_en} {name_en}"
