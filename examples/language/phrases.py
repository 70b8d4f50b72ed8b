"""A grammar of our own that writes the same sentence in Chinese and in English: dates, numbers, and small talk of them.

Both sides are lists of tokens: words in English, characters in Chinese, and digits one by one in both. What makes it a
task is what differs between the languages: the order of a date, the place of a time in a sentence, the measure word
between a number and a thing, and numbers in words, which Chinese counts with 万, 千, 百, 十 and a 零 for gaps.
"""

MONTHS = "January February March April May June July August September October November December".split()
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = "零一二三四五六七八九"
# thing, things, measure word, thing in Chinese
THINGS = [
    ("book", "books", "本", "书"),
    ("notebook", "notebooks", "本", "笔记本"),
    ("pencil", "pencils", "支", "铅笔"),
    ("ticket", "tickets", "张", "票"),
    ("map", "maps", "张", "地图"),
    ("table", "tables", "张", "桌子"),
    ("apple", "apples", "个", "苹果"),
    ("watermelon", "watermelons", "个", "西瓜"),
    ("cat", "cats", "只", "猫"),
    ("bird", "birds", "只", "鸟"),
    ("car", "cars", "辆", "汽车"),
    ("bicycle", "bicycles", "辆", "自行车"),
    ("cup of tea", "cups of tea", "杯", "茶"),
    ("shirt", "shirts", "件", "衬衫"),
]
COLOURS = [("red", "红色的"), ("white", "白色的"), ("black", "黑色的"), ("green", "绿色的"), ("new", "新"), ("old", "旧")]
PEOPLE = [
    ("I", "我"),
    ("she", "她"),
    ("we", "我们"),
    ("my brother", "我哥哥"),
    ("the teacher", "老师"),
    ("their neighbour", "他们的邻居"),
]
DEEDS = [("bought", "买了"), ("sold", "卖了"), ("saw", "看见了"), ("drew", "画了"), ("counted", "数了"), ("found", "找到了")]
PLACES = [
    ("at the market", "在市场"),
    ("in the library", "在图书馆"),
    ("at the station", "在车站"),
    ("in Beijing", "在北京"),
    ("near the river", "在河边"),
    ("at school", "在学校"),
]


def english_number(n):
    """120 -> one hundred and twenty"""
    if n < 20:
        return [ONES[n]]
    if n < 100:
        return [TENS[n // 10]] + ([ONES[n % 10]] if n % 10 else [])
    if n < 1000:
        rest = n % 100
        return [ONES[n // 100], "hundred"] + (["and"] + english_number(rest) if rest else [])
    head, rest = english_number(n // 1000) + ["thousand"], n % 1000
    if rest == 0:
        return head
    return head + (["and"] if rest < 100 else []) + english_number(rest)


def chinese_number(n):
    """120 -> 一百二十; 10 to 19 begin with 十 alone, and a gap inside is one 零."""
    if n == 0:
        return "零"
    written, gap = "", False
    for unit, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            written += ("零" if gap else "") + DIGITS[digit] + name
            gap = False
        elif written:
            gap = True
    return written[1:] if 10 <= n < 20 else written


def chinese_count(n):
    """Before a measure word 2 is 两."""
    return "两" if n == 2 else chinese_number(n)


def date(generator):
    month, day, year = generator.randint(1, 12), generator.randint(1, 28), generator.randint(1900, 2099)
    english = [MONTHS[month - 1], *str(day)]
    chinese = f"{month}月{day}日"
    if generator.random() < 0.5:
        english += [",", *str(year)]
        chinese = f"{year}年{chinese}"
    return english, chinese


def thing(generator):
    """Returns some number of things: (three red apples, 三个红色的苹果)."""
    one, many, measure, name = generator.choice(THINGS)
    count = generator.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, generator.randint(11, 99)])
    english, chinese = english_number(count), chinese_count(count) + measure
    if generator.random() < 0.5:
        colour, chinese_colour = generator.choice(COLOURS)
        english, chinese = english + [colour], chinese + chinese_colour
    return english + (one if count == 1 else many).split(), chinese + name


def sentence(generator):
    """Returns (English tokens, Chinese tokens) of a date, a number, or a sentence."""
    kind = generator.random()
    if kind < 0.15:
        english, chinese = date(generator)
    elif kind < 0.4:
        n = generator.randint(0, 99999 if generator.random() < 0.6 else 999)
        english, chinese = english_number(n), chinese_number(n)
    else:
        who, chinese_who = generator.choice(PEOPLE)
        deed, chinese_deed = generator.choice(DEEDS)
        what, chinese_what = thing(generator)
        english = who.split() + [deed] + what
        when = where = ""
        if generator.random() < 0.6:
            place, where = generator.choice(PLACES)
            english += place.split()
        if generator.random() < 0.6:
            day, when = date(generator)
            english += ["on", *day]
        chinese = f"{when}{chinese_who}{where}{chinese_deed}{chinese_what}。"
        english.append(".")
    return english, list(chinese)
