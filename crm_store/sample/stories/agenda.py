"""The week around the day of loading: a meeting yesterday without notes, tasks for each of us, what came in since Monday."""

from crm_store.sample.days import Exactly, ThisWeek
from crm_store.sample.forms import Story, Todo
from crm_store.sample.forms import Touch as T

TODAY = Exactly(0)
AGENDA = (
    Story("havel", "Jonas: yesterday's walk-through has no notes yet.", (
        T(-1, "meeting", "elif", "Walk-through of the test benches", "", deal="clean", minutes=60),
        T(3, "meeting", "mathis", "Trial start at Havel", "", deal="clean", minutes=45)),
        (Todo("Book the travel to Potsdam", TODAY, deal="clean"), Todo("Ask Elif Sarikaya for the bench calendar", 4, deal="clean", who="elif"))),
    Story("kieswerk", "Jonas: a former customer worth a call.", (
        T(-26, "chat", "silke", "Old log-in", "Do you still have our old plans? Detlef is asking for last year's tonnage, the spreadsheet has lost it.", "inbound"),),
        (Todo("Call Detlef Ohlen: is the spreadsheet enough?", -1, who="detlef"),)),
    Story("sundhavn", "Sofie: first talk with the managing director, no notes yet.", (
        T(-18, "call", "ingrid", "Batch tracing for export", "Ingrid needs the origin of every box within one hour for the buyers in Asia. Today two people search three folders. Budget from the new year, EUR 36,000 is not a shock to her.", deal="trace", minutes=21),
        T(-1, "meeting", "tor ingrid", "Introduction to Tor Haugland", "", deal="trace", minutes=45)),
        (Todo("Send Ingrid Solvang the export label samples", -1, "promise", deal="trace", who="ingrid"), Todo("Flights to Bergen", 5, deal="trace"))),
    Story("brix", "Sofie: a lead from the partner.", (
        T(ThisWeek(0), "email", "jesper", "A cheese maker near Viborg", "Hi Sofie,\n\nwe have a cheese maker near Viborg, 120 people, no planner. The owner would talk to you on {on:+5}. Shall I set it up?\n\nJesper", "inbound"),),
        (Todo("Answer Jesper Brix about the cheese maker", TODAY, who="jesper"),)),
    Story("tulpenhof", "Tom: yesterday's packing hall visit has no notes; label kits are due.", (
        T(-1, "meeting", "femke", "Packing hall visit", "", deal="insight", minutes=60),
        T(ThisWeek(0), "chat", "femke", "Labels", "three boxes of labels left and tulips are starting, just so you know", "inbound")),
        (Todo("Offer the next label kits to Femke de Wilde", TODAY, who="femke"), Todo("Insight demo for the cooperative's board", 9, deal="insight", who="ruben"))),
    Story("fossalta", "Giulia: yesterday's meeting has no notes.", (
        T(-40, "email", "matteo", "Demand planning: no", "Cara Giulia,\n\nwe take Loopstead for the demand part. It was EUR 6,000 cheaper and my controller stopped listening after that. The board machine stays with you, do not worry.\n\nMatteo Zorzan", "inbound", deal="demand"),
        T(-1, "meeting", "lidia", "Energy prices in the plan", "", deal="energy", minutes=45)),
        (Todo("Send Lidia Furlanis the energy example", TODAY, deal="energy", who="lidia"), Todo("Visit Ugo Perin in purchasing", -3, who="ugo"))),
    Story("oliveres", "Carlos: yesterday's workshop has no notes.", (
        T(-150, "email", "carme", "Our decision", "Estimado Carlos,\n\nwe chose Loopstead because you cannot replenish stores. On planning alone you would have won. Let us talk about the staff in the warehouses next year.\n\nCarme Folch", "inbound", deal="dc"),
        T(-1, "meeting", "carme hugo", "Shift rules in the two warehouses", "", deal="labour", minutes=90)),
        (Todo("Collect the shift rules from Hugo Llorens", 6, deal="labour", who="hugo"), Todo("Call Carme Folch about the next workshop", TODAY, deal="labour", who="carme"))),
    Story("marchenoir", "Camille: a security officer with conditions; yesterday's meeting has no notes.", (
        T(-44, "meeting", "benoit karim sophie", "Cells and conditions", "Benoît wants the machining cells planned by the hour; Karim counts 26 % waiting time before inspection. Sophie Delmas set the condition: a security review with the SOC 2 report and hosting inside the EU, or no trial with real drawings.", deal="cells"),
        T(-18, "email", "sophie", "SOC 2: your report has expired", "Bonjour Camille,\n\nthe SOC 2 report you sent covers a period that ended eleven months ago. I need the current one, or a bridge letter, before the workshop on {on:+7}.\n\nSophie Delmas", "inbound", deal="cells"),
        T(-1, "meeting", "karim", "Inspection queue, second look", "", deal="cells", minutes=45),
        T(Exactly(-1), "email", "sophie", "Bridge letter", "Bonjour Camille,\n\nthe bridge letter has arrived, thank you. One question for the workshop: who can read our drawings on your side, by name?\n\nSophie Delmas", "inbound", deal="cells"),
        T(2, "meeting", "benoit", "Value of a planned hour", "", deal="cells", minutes=30)),
        (Todo("List of people with access to the drawings, for Sophie Delmas", 5, "promise", deal="cells", who="sophie"), Todo("Confirm the room for the security workshop", TODAY, deal="cells"))),
    Story("bressan", "Camille: the subscription ends soon and purchasing is silent.", (
        T(-36, "call", "odile", "A passive seven", "Odile gave us a seven in the survey and explained it: the dairy plan is good, but every change of milk supply means twenty minutes of clicking. Fanny Roussel in purchasing will compare prices before the renewal.", minutes=18),
        T(ThisWeek(1), "email", "yann", "Tablets ordered", "Bonjour Camille,\n\nthe order for 90 mobile users and 8 tablets is signed. My people ask whether the screen works with wet hands.\n\nYann Coudert", "inbound", deal="mobile")),
        (Todo("Ask Odile Perrachon for a renewal date", -4, deal="renewal", who="odile"), Todo("Answer Yann Coudert about wet hands", 1, deal="mobile", who="yann"))),
    Story("bluestem", "Dana: yesterday's meeting has no notes.", (
        T(-33, "call", "carl", "Three mills, one whiteboard", "Carl faxes, yes faxes, the plan to two of the three mills. Patty Vorhees owns the place and buys only what she has touched. Medicated feed must never follow horse feed; that one rule is the whole reason for the talk.", deal="mills", minutes=27),
        T(-1, "meeting", "carl", "Sequence rules for medicated feed", "", deal="mills", minutes=60)),
        (Todo("Prepare the demo for Patty Vorhees", 5, deal="mills", who="patty"), Todo("Send Carl Lundgren the sequence example", TODAY, deal="mills", who="carl"))),
    Story("juniper", "Dana: a board agenda decides.", (
        T(-29, "email", "rosa", "Purchasing limits", "Hello Dana,\n\nanything above USD 25,000 goes to the board. The next agenda closes on {on:+26}. A cooperative contract would save us the bidding, do you have one?\n\nRosa Benavides", "inbound", deal="maint"),),
        (Todo("Find out about cooperative contracts for Rosa Benavides", -2, "promise", deal="maint", who="rosa"),)),
    Story("orion", "Amir: yesterday's meeting has no notes; kiln trial ahead.", (
        T(-21, "meeting", "priya martin", "Why kiln 3", "Martin walked us along the kilns. Kiln 3 is fired eleven times a week and is never full; kiln 1 is full but slow. They want to try the loading plan on kiln 3 only. Martin mentioned GBP 38,000, Priya knows it is 41 with the start.", deal="kilns", minutes=75),
        T(-1, "meeting", "priya", "Trial set-up for kiln 3", "", deal="kilns", minutes=45),
        T(ThisWeek(1), "email", "priya", "Gas prices", "Hi Amir,\n\nMartin asks for one more figure: what does a half-empty firing cost at the new gas price? We pay 11p per kWh from {month:+30}.\n\nPriya", "inbound", deal="kilns")),
        (Todo("Cost of a half-empty firing for Priya Nambiar", TODAY, "promise", deal="kilns", who="priya"),)),
    Story("marlow", "Amir: the newsletter editor.", (
        T(-96, "social", "olivia", "A mention", "Olivia Prentice quoted our figure on late orders in her newsletter and asked for the method behind it.", "inbound"),),
        (Todo("Send Olivia Prentice the method behind the figure", -6, who="olivia"),)),
    Story("larkfield", "Hannah: yesterday's meeting has no notes.", (
        T(-33, "email", "shreya", "Signed: promotions planning", "Hi Hannah,\n\nsigned for GBP 16,000. Can the 40 scenario seats be live before the January promotions?\n\nShreya Pillai", "inbound", deal="demand"),
        T(-12, "call", "graham", "Van loading on tablets", "Graham wants drivers to scan trays at the dock from half past three in the morning. 110 users, 12 tablets. He asked for the price of the tablets alone, since Tessa may pay them from another budget.", deal="mobile", minutes=14),
        T(-1, "meeting", "graham tessa", "Dock walk at four in the morning", "", deal="mobile", minutes=60)),
        (Todo("Price for 12 tablets to Graham Noakes", TODAY, "promise", deal="mobile", who="graham"),)),
    Story("severnside", "Hannah: an e-mail yesterday.", (
        T(Exactly(-1), "email", "rhys", "Site walk", "Hannah,\n\nthe site walk on {on:+5} is fine, bring a proper coat, it is minus 22 in there. Megan will take you round. I have half an hour at the end.\n\nRhys Penhallow", "inbound", deal="store"),),
        (Todo("Reply to Rhys Penhallow about the site walk", 1, deal="store", who="rhys"),)),
    Story("quillon", "Hannah: an overdue answer.", (
        T(-20, "call", "beth", "Value workshop", "Beth Carrow wants a workshop with finance in the room: 300 actuators a month, 17 days through the cells, target 12. Imran asked only about log-ins. Fraser decides in the new quarter.", deal="cells", minutes=24),),
        (Todo("Agenda of the value workshop to Beth Carrow", -2, "promise", deal="cells", who="beth"),)),
)  # fmt: skip
