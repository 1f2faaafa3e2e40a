"""The words of Vietnamese that CLDR does not have, by kind; "=" gives the value.

Accents tell words apart here (năm "year", nam "south"), so they are kept when words are looked up.
"""

VIETNAMESE = {
    "month": "tháng một=1, tháng giêng=1, tháng hai=2, tháng ba=3, tháng tư=4, tháng bốn=4, "
    "tháng năm=5, tháng sáu=6, tháng bảy=7, tháng tám=8, tháng chín=9, tháng "
    "mười=10, tháng mười một=11, tháng mười hai=12, tháng chạp=12",
    "weekday": "thứ hai=0, thứ ba=1, thứ tư=2, thứ năm=3, thứ sáu=4, thứ bảy=5, thứ bẩy=5, chủ "
    "nhật=6, chúa nhật=6, thứ 2=0, thứ 3=1, thứ 4=2, thứ 5=3, thứ 6=4, thứ 7=5",
    "roman": "i=1, ii=2, iii=3, iv=4, nhất=1, hai=2, ba=3, tư=4",
    "count": "vài=0, nhiều=0, mấy=0, một=1, bốn=4, năm=5, sáu=6, bảy=7, tám=8, chín=9, mười=10",
    "season": "mùa xuân=3, mùa hè=6, mùa hạ=6, mùa thu=9, mùa đông=12",
    "after": "trước=-1, ngoái=-1, qua=-1, vừa qua=-1, vừa rồi=-1, rồi=-1, sau=1",
    "onward": "tới=1",
    "that": "này, nay",
    "ordinal": "đầu tiên=1, cuối cùng=5",
    "each": "mỗi, mọi, các",
    "regular": "hàng tuần, hằng tuần, hàng tháng, hằng tháng",
    "part": "đầu, cuối",
    "mid": "giữa",
    "offset": "hôm qua=-1, hôm kia=-2, hôm nay=0, ngày mai=1, ngày kia=2, ngày hôm qua=-1, "
    "ngày hôm nay=0, sáng nay=0, trưa nay=0, chiều nay=0, tối nay=0, đêm nay=0, sáng qua=-1, "
    "trưa qua=-1, chiều qua=-1, tối qua=-1, đêm qua=-1, sáng mai=1, chiều mai=1, tối mai=1",
    "same": "cùng ngày",
    "ago": "cách đây",
    "hence": "nữa",
    "street": "đường, phố, đại lộ, quảng trường",
    "to": "đến, đến hết",
    "onto": "rạng",
    "and": "và",
    "from": "từ",
    "on": "lên đường, ra đường",
    "in": "vào, trong, kể từ, sáng, chiều, tối, trưa, đêm, hôm",
    "day_lead": "ngày, mùng, mồng, ngày mùng, ngày mồng, ngay",
    "month_lead": "tháng, thang",
    "year_lead": "năm",
    "of": "nam, của",
    "week_noun": "tuần",
    "weekend_noun": "cuối tuần",
    "quarter_noun": "quý=3, nửa=6",
    "decade_noun": "thập niên, thập kỷ, những năm",
    "event": "olympic, seagames, euro, mùa giải, giai đoạn, niên khóa",
    "label": "số, trang, điều, chương, phòng, phiên bản, isbn, lần, khoản, "
    "quốc lộ, tỉnh lộ, đường tỉnh, đường huyện, bmw, rtx, gtx, hộp thư, căn hộ",
    "law": "luật, nghị định, nghị quyết, thông tư, quyết định, chỉ thị, công văn, hiến pháp",
    "unit": "đồng, người, usd, euro, km, mét, m, kg, tấn, lần, giờ, trang, ha, triệu, tỷ",
}
