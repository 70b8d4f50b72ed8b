import base64, csv, difflib, hashlib, html, io, json, pprint, re, string, struct, textwrap, urllib.parse

print(re.findall(r"(\w+)@(\w+)", "a@b c@d"), re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "a1b22"))
match = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)", "2024-02-29")
print(match.group("year"), match.groups(), match.span(), re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("[学园]+", "学园"))
print(re.compile(r"^\s+", re.M).sub("", "  a\n   b"), bool(re.search("(?i)LOSS", "the loss")))
print(json.dumps({"a": [1, 2.5, None, True], "中": "文"}, ensure_ascii=False), json.dumps({"b": 1, "a": "é"}, sort_keys=True, indent=2))
print(json.loads('{"x": 1e3, "y": [null, false, "\\u5b66"]}'))
try:
    json.loads("{'a': 1}")
except json.JSONDecodeError as error:
    print(error)
out = io.StringIO()
writer = csv.writer(out)
writer.writerows([["a", "b"], [1, 'x,"y"'], [2.5, "line\nbreak"]])
print(repr(out.getvalue()))
print(list(csv.reader(io.StringIO('a,b\n1,"x, y"\n'))), list(csv.DictReader(io.StringIO("k,v\n1,2\n"))))
print(textwrap.fill("the quick brown fox jumps", 10), textwrap.dedent("    a\n      b"), textwrap.shorten("a b c d e f", 7))
print(string.ascii_lowercase[:5], string.Template("$x and $y").substitute(x=1, y=2), "{:>8}|{:<6}|{:^7}".format("a", "b", "c"))
pprint.pprint({"numbers": list(range(30)), "nested": {"a": (1, 2), "b": None}}, width=60)
print(hashlib.md5(b"x").hexdigest(), hashlib.sha256(b"x").hexdigest()[:16], hashlib.sha1("学".encode()).hexdigest()[:8])
print(base64.b64encode(b"hello"), base64.b64decode("aGVsbG8="), struct.pack("<ifd", 1, 2.5, 3.5), struct.unpack(">HB", b"\x01\x02\x03"))
print(urllib.parse.urlparse("http://a.b/c?d=1#e"), urllib.parse.quote("学 园"), urllib.parse.urlencode({"a": 1, "b": "x y"}))
print(html.escape("<a & b>"), list(difflib.unified_diff(["a"], ["b"], lineterm="")))
text = "Hello, 学园"
print(text.upper(), text.split(", "), text[::-1], len(text), text.encode(), text.find("学"), text.replace("l", "L", 1), "x" * 3)
print("a-b_c".title(), "abc".zfill(5), "%5.2f|%-5s|%05d|%x" % (3.14159, "ab", 42, 255), repr("it's\n"), ascii("é"), "é".casefold())
print("a,b,,c".split(","), "  x ".strip(), "abc".partition("b"), "x=1;y=2".rsplit(";", 1), "ab".join("123"), "Ab".swapcase(), "a\tb".expandtabs(4))
print(b"ab\xff".hex(), bytes.fromhex("00ff"), bytearray(b"abc")[1:], "abc".translate(str.maketrans("ab", "xy")), "ß".upper(), "12".isdigit())
