"""Names that change with the language. Data of `qa/written/names.py`.

Countries, cities and languages come from Babel; here stand the adjectives of nations, the places
and bodies that Babel does not name, and the words that names of offices and bodies are made of.
"""

# code: what begins an English word; what begins a French one; Vietnamese names
NATIONS = """
AE: emirati | émirati | uae các_tiểu_vương_quốc
AF: afghan | afghan | afghanistan
AL: albania | albanais
AM: armenia | arménien
AR: argentin | argentin
AT: austria | autrich | áo
AU: austral aussie | austral | úc australia
AZ: azerbaij azeri | azerbaïdj azéri
BA: bosnia | bosni
BD: bangladesh | bangladais | băng-la-đét
BE: belgi | belge | bỉ
BG: bulgar | bulgar
BR: brazil | brésil | brasil brazil
BY: belarus | bélaru biélorus | belarus bê-la-rút
CA: canad | canad québ | canada
CH: swiss switzerland | suisse helvét | thụy_sĩ thuỵ_sĩ
CL: chile | chil | chile chi-lê
CN: chinese china | chin sino | trung_quốc
CO: colombia | colombi | colombia
CU: cuba | cuba | cuba
CZ: czech | tchèque tchéqu | séc
DE: german | alleman germano | đức
DK: danish dane denmark danes | dano danemark | đan_mạch
DZ: algeria | algér | algérie algeria
EE: estonia | eston
EG: egypt | égypt | ai_cập
ES: spain spanish spaniard | espagn ibér | tây_ban_nha
ET: ethiop | éthiop | ethiopia
EU: european eu european_union | europée ue union_européenne communautaire | eu liên_minh_châu_âu
FI: finland finnish finn | finland | phần_lan
FR: french france | franc français | pháp
GB: british britain briton uk english england u.k. great_britain | brit royaume-uni angl royaume_uni grande-bretagne | anh
GE: georgia | géorgi | gruzia georgia
GR: greek greece hellen | grec grèce hellén | hy_lạp
HK: hong_kong hongkong | hong_kong hongkong | hồng_kông hong_kong
HR: croat | croat | croatia
HU: hungar | hongr magyar | hungary
ID: indonesia | indonési | indonesia
IE: irish ireland | irland | ai_len ireland
IL: israel | israél israël hébreu | israel
IN: india indian indians | inde indien indo | ấn_độ
IQ: iraq | irak | iraq
IR: iran | iran | iran
IS: iceland | island | iceland
IT: ital | ital | ý italia
JO: jordan | jordan | jordan
JP: japan | japon nippon | nhật_bản nhật
KE: kenya | kenya | kenya
KG: kyrgyz | kirghiz
KH: cambodia khmer | cambodg khmer | campuchia
KP: north_korea dprk | nord-coré corée_du_nord rpdc | triều_tiên bắc_triều_tiên
KR: south_korea korea | sud-coré corée coré | hàn_quốc
KW: kuwait | koweït
KZ: kazakh | kazakh
LA: lao | lao | lào
LB: leban | liban | li_băng liban
LT: lithuania | litu
LV: latvia | letto letton
LY: libya | liby | libya
MA: morocc | maroc | ma-rốc maroc
MD: moldov | moldav
MG: madagas malagas | malgach madagas
MK: macedon | macédo | macedonia
ML: mali malian | mali | mali
MM: myanmar burm | birman myanmar | myanmar
MN: mongolia | mongol | mông_cổ
MX: mexic | mexi | mexico mê-xi-cô
MY: malaysia | malaisi malais | malaysia
NG: nigeria | nigéri nigéria | nigeria
NL: dutch netherland holland | néerland pays-bas holland batav pays_bas | hà_lan
NO: norweg norway | norvég norvèg | na_uy
NZ: new_zealand kiwi | néo-zéland nouvelle-zélande | new_zealand niu_di-lân
PE: peru | péru pérou | peru
PH: philippin filipin | philippin | philippines phi-líp-pin
PK: pakistan | pakistan | pakistan
PL: polish poland pole | polon pologne | ba_lan
PS: palestin | palestin | palestine
PT: portug | portug lusit | bồ_đào_nha
QA: qatar | qatar | qatar
RO: romania | roum | romania
RS: serb | serb | serbia
RU: russia | russ | nga
SA: saudi | saoudi saoud | ả_rập_xê_út ả_rập_saudi ả_rập
SD: sudan | soudan
SE: swed | suéd suèd | thụy_điển thuỵ_điển
SG: singapor | singapour | singapore
SI: sloven | slovèn slovén
SK: slovak | slovaq slovaqu
SN: senegal | sénégal
SO: somal | somal | somalia
SU: soviet ussr | soviét urss | liên_xô
SY: syria | syri | syria
TH: thai | thaï thaïland | thái_lan thái
TM: turkmen | turkmèn
TN: tunisia | tunis
TR: turk | turc turq | thổ_nhĩ_kỳ
TW: taiwan | taïwan | đài_loan
UA: ukrain | ukrain | ukraina ukraine
US: american america u.s. us usa united_states u.s.a | améric amériq états-unis étasun états_unis usa etats-unis | mỹ hoa_kỳ
UZ: uzbek | ouzbek ouzbèk
VA: vatican holy_see | vatican saint-siège saint_siège | vatican tòa_thánh
VE: venezuela | vénézuél venezuel | venezuela
VN: vietnam viet | vietnam viêt viet | việt_nam việt
XK: kosov | kosov
YE: yemen | yémen | yemen
ZA: south_africa | sud-afric afrique_du_sud | nam_phi
ZW: zimbabw | zimbabw
wales: welsh wales | gall | xứ_wales wales
scotland: scot | écoss | scotland
catalonia: catal | catal | catalan catalonia
kurd: kurd | kurd | người_kurd kurd
arab: arab | arab | ả_rập
asia: asia | asi | châu_á
africa: africa | afri | châu_phi
europe: europ | europ | châu_âu âu
latin: latin hispanic | latin hispan | latinh
america: americas | amériq | châu_mỹ
north: north northern | nord septentrion | bắc
south: south southern | sud mérid | nam
east: east eastern | est orient | đông
west: west western | ouest occident | tây
muslim: muslim islam | musulm islam | hồi_giáo
christian: christ | chrét christ | cơ_đốc thiên_chúa kitô
catholic: catholic | cathol | công_giáo
jew: jew jewish | juif juiv | do_thái
nazi: nazi | nazi | phát_xít quốc_xã nazi
bible: bible biblical | bibl | kinh_thánh
god: god lord | dieu seigneur | chúa thượng_đế
un: un u.n. united_nations | onu nations_unies | liên_hợp_quốc liên_hiệp_quốc lhq
nato: nato | otan | nato
who: who world_health_organization world_health_organisation | oms organisation_mondiale_de_la_santé | who tổ_chức_y_tế_thế_giới
wto: wto | omc | wto
imf: imf | fmi | imf quỹ_tiền_tệ_quốc_tế
eaeu: eaeu eurasian | ueea ueé eurasiat | á-âu eaeu
asean: asean | ase anase | asean
aids: aids hiv | sida vih | hiv aids
dna: dna | adn | adn dna
us dollar: us$ usd dollar | dollar usd | đô_la usd
gulf: gulf | golfe | vùng_vịnh
pacific: pacific | pacifi | thái_bình_dương
atlantic: atlantic | atlanti | đại_tây_dương
mediterranean: mediterranean | méditerran | địa_trung_hải
washington: washington d.c. dc | washington dc | washington d.c.
white house: white_house | maison-blanche maison_blanche | nhà_trắng
pentagon: pentagon | pentagone | lầu_năm_góc
congress: congress capitol | congrès capitole | quốc_hội
senate: senate senator | sénat | thượng_viện thượng_nghị
commons: commons representatives house | communes représentants chambre | hạ_viện hạ_nghị
supreme court: supreme | suprême | tòa_án_tối_cao tối_cao
new york: new_york nyc | new_york new-york | new_york
beijing: beijing | pékin beijing | bắc_kinh
moscow: moscow | moscou | mát-xcơ-va moskva moscow matxcơva
london: london | londres londonien | london luân_đôn
paris: paris | paris | paris
rome: rome roman | rom | rome la_mã
brussels: brussels | bruxell | brussels
geneva: geneva | genèv | geneva
vienna: vienna | vienne | vienna viên
tokyo: tokyo | tokyo | tokyo
seoul: seoul | séoul | seoul
hanoi: hanoi | hanoï hanoi hà_nội | hà_nội
saigon: ho_chi_minh saigon | hô-chi-minh hô_chi_minh saïgon | hồ_chí_minh sài_gòn tphcm tp.hcm
california: california | californi | california
florida: florida | florid | florida
texas: texas texan | texa | texas
"""  # noqa: E501

# words that names of bodies, offices and events are made of: English | French | Vietnamese
BODIES = """
act acts bill law | loi | luật đạo_luật
academy | académ | học_viện
administration | administration gouvernement | chính_quyền
agency | agence | cơ_quan
agreement accord deal treaty pact | accord traité pacte convention | hiệp_định hiệp_ước thỏa_thuận
air | air aérien armée_de_l'air | không_quân hàng_không
airport | aéroport | sân_bay
alliance | alliance | liên_minh
ambassador embassy | ambassad | đại_sứ
army military forces force | armée militaire force forces | quân_đội lực_lượng quân
assembly | assemblée | quốc_hội hội_đồng
association | association fédération | hiệp_hội
attorney lawyer | procureur avocat | luật_sư tổng_chưởng_lý công_tố
bank | banque | ngân_hàng
battle war | bataille guerre | trận chiến_tranh thế_chiến chiến
bay | baie | vịnh
black | noir | đen
blue | bleu | xanh
board | conseil commission | hội_đồng ban
bridge | pont | cầu
bureau | bureau | cục
cabinet | cabinet gouvernement | nội_các
capital | capitale | thủ_đô
castle palace | château palais | lâu_đài cung_điện dinh
cathedral church | cathédrale église | nhà_thờ giáo_hội
cbs | cbs | cbs
center centre | centre | trung_tâm
central | central centre | trung_ương trung
chair chairman chairwoman chairperson | président | chủ_tịch
championship championships champions cup league trophy | champion coupe ligue trophée | giải cúp vô_địch
chancellor | chancel | thủ_tướng
chief head chef | chef patron | trưởng giám_đốc người_đứng_đầu
city | ville cité | thành_phố
club | club | câu_lạc_bộ
coast | côte côti | bờ_biển duyên_hải
college school university | universit école collège faculté lycée | đại_học trường cao_đẳng
commission committee council | commission comité conseil | ủy_ban uỷ_ban hội_đồng
commissioner | commissaire | ủy_viên cao_ủy
communist | communist | cộng_sản
community | communaut | cộng_đồng
company corporation group | compagnie société groupe entreprise | công_ty tập_đoàn
conference summit | conférence sommet | hội_nghị thượng_đỉnh
conservative tory tories conservatives | conservat tory tories | bảo_thủ
constitution | constitution | hiến_pháp
county district | comté district | quận hạt huyện
court justice judge | cour tribunal justice juge | tòa toà thẩm_phán tư_pháp
crown | couronne | hoàng_gia vương_miện
day | jour journée fête | ngày
defence defense | défense | quốc_phòng
democrat democratic democracy democrats | démocrat | dân_chủ
department ministry office | ministère département bureau | bộ văn_phòng sở
deputy vice | vice adjoint | phó
development | développement | phát_triển
director | direct | giám_đốc
economic economy | économ | kinh_tế
editor | rédact édit | biên_tập
education | éducation enseignement | giáo_dục
election referendum | élection référendum | bầu_cử trưng_cầu
emperor empire imperial | emper empire impéri | hoàng_đế đế
executive | exécut directeur | điều_hành
federal federation | fédéra | liên_bang
finals final | final finale | chung_kết
finance financial treasury | finance financ trésor | tài_chính
first | premier première | đầu_tiên thứ_nhất đệ_nhất
foreign affairs external state secretary | étrang extérieur affaire état secrétaire | ngoại_giao nhà_nước
forest park garden | forêt parc jardin | rừng công_viên vườn
foundation fund | fondation fonds | quỹ
general | général | tướng tổng
government | gouvern | chính_phủ
governor | gouvern | thống_đốc
great grand greater | grand | đại lớn
green | vert | xanh
guard | garde | vệ_binh bảo_vệ
health | santé | y_tế sức_khỏe
high | haut | cao
hill mount mountain | mont montagne colline | núi đồi
holy | saint sacré | thánh
hospital | hôpital | bệnh_viện
human rights | droit humain homme | nhân_quyền
independent independence | indépend | độc_lập
institute institution | institut | viện
intelligence | renseignement | tình_báo
interior home internal | intérieur | nội_vụ bộ_nội_vụ
international world global | internation mond | quốc_tế thế_giới toàn_cầu
island islands isle | île iles | đảo quần_đảo
king queen prince princess royal duke duchess | roi reine prince princesse roy duc duchesse | vua hoàng hoàng_tử công_chúa nữ_hoàng công_tước
labour labor worker workers | travaill travail ouvrier | lao_động
lake | lac | hồ
leader | dirigeant leader chef | lãnh_đạo
liberal | libéra | tự_do
library | bibliothèque | thư_viện
mayor | maire | thị_trưởng
media press news | média presse information | truyền_thông báo tin
member members | membre député | thành_viên nghị_sĩ
middle | moyen milieu | trung
minister | ministre | bộ_trưởng thủ_tướng
museum gallery | musée galerie | bảo_tàng
national nation | nation | quốc_gia
navy naval | marine naval | hải_quân
new | nouve neu | mới
nuclear atomic | nucléaire atomiq | hạt_nhân nguyên_tử
ocean sea | océan mer | biển đại_dương
official officials officer | fonctionnaire responsable officier agent | quan_chức sĩ_quan
old | vieux vieil ancien | cũ cổ
olympic olympics games | olymp jeux | olympic thế_vận_hội
opposition | opposition | đối_lập
order | ordre | lệnh trật_tự
organization organisation | organis | tổ_chức
parliament parliamentary mp mps | parlement député | quốc_hội nghị_viện
party | parti | đảng
people peoples | peuple gens personne popul | người nhân_dân
police | polic | cảnh_sát
pope | pape | giáo_hoàng
premier | premier ministre | thủ_tướng
president presidential presidency | président | tổng_thống chủ_tịch
prime | premier première | thủ_tướng
professor dr doctor | profess docteur dr médecin | giáo_sư tiến_sĩ bác_sĩ
project | projet | dự_án
province | provinc | tỉnh
public | publi | công
red | rouge | đỏ
reserve | réserve | dự_trữ
republic republican republicans | républi | cộng_hòa cộng_hoà
research science sciences | recherche scien | nghiên_cứu khoa_học
revolution | révolution | cách_mạng
river | fleuve rivière | sông
road street avenue | rue route avenue chemin | đường phố
saint st | saint | thánh
security | sécurit | an_ninh
senior | haut principal | cấp_cao
service services | service | dịch_vụ
social socialist | social | xã_hội
society | socié | xã_hội hội
space | spatia espace | vũ_trụ không_gian
special | spécia | đặc_biệt
spokesman spokeswoman spokesperson | porte-parole | phát_ngôn
square | place | quảng_trường
station | gare station | ga trạm đài
team | équipe | đội
technology | technolog | công_nghệ
television tv radio broadcasting | télévision télé radio | truyền_hình đài
theatre theater | théâtre | nhà_hát
tower | tour | tháp
trade commerce | commerce | thương_mại
transport transportation | transport | giao_thông vận_tải
twitter tweet | twitter tweet | twitter
union unions trade | union syndicat | liên_minh công_đoàn
united | uni unis | thống_nhất hợp
valley | vallée val | thung_lũng
war civil | guerre civil | chiến_tranh nội_chiến
white | blanc blanche | trắng
women woman men man | femme homme | phụ_nữ đàn_ông
world | mond | thế_giới
year | an année | năm
young youth | jeune | trẻ thanh_niên
zone area region territory | zone région territoire | khu vùng
"""  # noqa: E501
