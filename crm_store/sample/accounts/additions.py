"""People and deals that joined accounts later, by account."""

from crm_store.sample.days import MonthEnd, QuarterEnd, ThisWeek
from crm_store.sample.forms import ContactEntry as C
from crm_store.sample.forms import DealEntry as D

CONTACTS = {
    "meridian": (C("hendrik", "Hendrik Lohse", "Planner, second shift"),),
    "halden": (C("maja", "Maja Forsell", "Brake Shop Foreman"),),
    "nordkaje": (C("bente", "Bente Krogh", "Senior Welder"),),
    "eskelund": (C("mogens", "Mogens Rye", "Crew Leader, line 2"),),
    "veldkamp": (C("anouk", "Anouk Zijlstra", "Controller"),),
    "tulpenhof": (C("sjoerd", "Sjoerd Kamper", "Label Room Lead"),),
    "steenbakker": (C("joris", "Joris Peeters", "Dock Supervisor, Rotterdam"),),
    "castellaro": (C("bruna", "Bruna Marchetto", "Glazing Hall Supervisor"),),
    "tarancal": (C("isidro", "Isidro Bueno", "Site Manager, Soria"),),
    "bressan": (C("thierry", "Thierry Jaunay", "IT Manager"),),
    "vernay": (C("luc", "Luc Tessandier", "Bottling Foreman"),),
    "iberloma": (C("montse", "Montse Riera", "Dye House Planner"),),
    "oliveres": (C("silvia", "Sílvia Mateu", "HR Business Partner"),),
    "calder": (C("owen", "Owen Hartley", "Hub Manager, Salford"),),
    "larkfield": (C("pete", "Pete Lockyer", "Night Dispatch Lead"),),
    "ashgrove": (C("colin", "Colin Brathwaite", "Financial Controller"),),
    "tidemark": (C("sam", "Sam Okonjo", "Corporate Counsel"),),
    "cobalt": (C("roy", "Roy Brandvold", "Owner"),),
    "hollis": (C("denny", "Denny Pruitt", "Upholstery Supervisor"),),
    "rillstone": (C("marcus", "Marcus Bell", "Terminal Manager, Joliet"),),
    "quillon": (C("sian", "Sian Prothero", "Finance Business Partner"),),
    "harrowgate": (C("joy", "Joy Mercer", "Scheduler"),),
}
DEALS = {
    "halden": (D("training", "Halden Rail training days", 9, "won", -140, -101, kind="expansion", roles="oskar:champion", lines="training:6"),),
    "kronsberg": (D("insight", "Kronsberg Insight", 21, "won", -200, -122, kind="expansion", roles="anna:champion rolf:economic_buyer", lines="insight:5"),),
    "tulpenhof": (D("renewal", "Tulpenhof renewal", 25, "renewed", -170, -112, kind="renewal", roles="femke:champion"),),
    "veldkamp": (D("labels", "Veldkamp label printing", 11, "lost", -430, -345, roles="jeroen:champion", lost="No decision"),),
    "kieswerk": (D("return", "Kieswerk fresh start", 14, "discovery", -24, QuarterEnd(1), roles="detlef:decision_maker", lines="plan:8 floor:20", next_step="Call Detlef Ohlen", next_due=2),),
    "havel": (D("tablets", "Havel bench tablets", 3, "proposal", -12, MonthEnd(0), roles="elif:champion mathis:economic_buyer", lines="tablet:5", entered=ThisWeek(2), next_step="Offer for five tablets", next_due=1),),
    "sundhavn": (D("pilot", "Sundhavn smoke house pilot", 8, "lost", -470, -400, roles="ingrid:champion", lost="No budget this year"),),
    "castellaro": (D("demand", "Castellaro demand planning", 29, "won", -230, -135, kind="expansion", roles="davide:champion", lines="demand:5"),),
    "tarancal": (D("support", "Tarancal premium support", 9, "won", -120, -66, kind="expansion", roles="ramon:economic_buyer", lines="support:1"),),
    "bressan": (D("trace", "Bressan cream traceability", 33, "lost", -290, -190, kind="expansion", roles="odile:champion", lost="Price", versus="Axelund"),),
    "vernay": (D("second", "Clos Vernay second line", 13, "won", -160, -108, kind="expansion", roles="helene:champion", lines="trace:1 training:2"),),
    "marchenoir": (D("methods", "Marchenoir methods office", 16, "lost", -350, -270, roles="karim:champion", lost="Timing: reorganisation"),),
    "calder": (D("night", "Calder & Finch night sort", 27, "discovery", -17, QuarterEnd(1), roles="liam:champion owen:user", lines="floor:120", next_step="Night visit in Salford", next_due=8),),
    "thornwick": (D("casks", "Thornwick cask tracing", 12, "lost", -190, -118, kind="expansion", roles="ewan:champion", lost="Price", versus="Mitrel"),),
    "larkfield": (D("renewal", "Larkfield renewal", 60, "upcoming", -18, 137, kind="renewal", roles="tessa:champion"),),
    "hollis": (D("training", "Hollis & Vane training days", 14, "won", -150, -98, kind="expansion", roles="brett:champion", lines="training:8"),),
    "rillstone": (D("insight", "Rillstone terminal dashboards", 41, "won", -170, -76, kind="expansion", roles="gloria:champion vince:economic_buyer", lines="insight:11"),),
}
