"""People: a champion who leaves, two of one name, consents, an analyst, partners, and who needs a security report."""

from crm_store.sample.days import ThisWeek
from crm_store.sample.forms import Contract, Story, Todo, Verdict
from crm_store.sample.forms import Touch as T

PEOPLE_MATTERS = (
    Story(
        "kronsberg",
        "The champion has left; his successor has not met us yet, and a second plant hangs on it.",
        (
            T(-62, "meeting", "stefan anna", "Second plant", """Stefan wants the second plant on the same plan from {month:+90} on: 60 seats, EUR 64,000. He presents it to Rolf Dieckmann
                himself. Anna Keller looks at the interface.""", deal="second"),
            T(-40, "email", "stefan", "Evaluation plan", """Hello Jonas,

                we evaluate until the end of {month:+20}. I have told Rolf that I stake my name on it.

                Stefan Maurer""", "inbound", deal="second"),
            T(-24, "call", "stefan", "Stefan leaves", """Stefan is leaving Kronsberg; his last day is {on:-19}. Katrin Vogel takes over production control. She knows the tool only from the
                outside. He promised to leave her a page about the second plant. We lose our sponsor in the middle of the evaluation.""", "inbound", deal="second", minutes=17),
            T(-16, "email", "anna", "Who is your contact now?", """Hi Jonas,

                Stefan's page did not reach Katrin as far as I know. You should introduce yourself soon, she is deciding what to keep of his projects.

                Anna Keller
                Project Manager Digital Factory""", "inbound", deal="second"),
            T(ThisWeek(0), "email", "katrin", "Projects of my predecessor", """Dear Mr Brandt,

                I am reviewing all projects that Mr Maurer started. Please tell me on one page what the second plant would cost and what it would bring.

                Katrin Vogel""", "inbound", deal="second"),
        ),
        (Todo("Introduce ourselves to Katrin Vogel", -2, deal="second", who="katrin"),
         Todo("One page on the second plant for Katrin Vogel", 2, "promise", deal="second", who="katrin")),
        contracts=(Contract("plan", -293, 72, 85, 62, renewal="renewal"), Contract("scenario", -293, 72, 40, 20, renewal="renewal")),
    ),
    Story(
        "havel",
        "The other Anna Keller: head of quality and IT security, who wants SOC 2 before anything else.",
        (
            T(-70, "meeting", "mathis elif", "Clean room and test benches", """Mathis wants to know which order blocks the test bench before it does. Elif has eleven rules on a sheet of paper. EUR 49,000 is
                within what he may sign.""", deal="clean"),
            T(-33, "email", "anna", "Security before trial", """Dear Mr Brandt,

                before a trial with our data I need your SOC 2 Type II report, the list of sub-processors, and the answers to the attached questionnaire (64 questions).

                Anna Keller
                Head of Quality and IT Security""", "inbound", deal="clean"),
            T(-20, "call", "anna", "SOC 2 report read", """Anna Keller of Havel has read the SOC 2 report. It covers hosting but not the mobile app, which she wants tested separately. The
                questionnaire is half done on our side; I said she would have the rest by {on:+2}.""", deal="clean", minutes=26, key="soc"),
            T(ThisWeek(2), "email", "elif", "Waiting for security", """Hi Jonas,

                the benches are ready for the trial, we only wait for Anna's approval. She says there are 31 answers missing.

                Elif""", "inbound", deal="clean"),
        ),
        (Todo("Return the security questionnaire to Anna Keller", 2, "promise", deal="clean", who="anna", source="soc"),),
    ),
    Story(
        "tarancal",
        "A contact who withdrew her consent to marketing mails, and said why.",
        (
            T(-48, "email", "beatriz", "Newsletter", """Carlos,

                three newsletters in one week. I withdraw my consent to marketing mail, please confirm. Messages about our own project are fine.

                Beatriz Armengol""", "inbound", key="withdrawal"),
            T(-47, "email", "beatriz", "Re: Newsletter", """Beatriz,

                confirmed: no marketing mail from today. You will only hear from me about your seven sites.

                Carlos""",),
            T(-13, "email", "ramon lucia", "Insight for the plant controllers", """Estimado Ramón, estimada Lucía,

                seven Insight sites for EUR 27,000 a year, the first month free while Lucía builds the common report.

                Carlos""", deal="insight"),
            T(ThisWeek(2), "call", "lucia", "Lucía has the report ready", """Lucía shows the cost per batch report to Ramón on {on:+1}. If he likes it he signs this month. She warned me not to bring Beatriz
                into it, they disagree on cost allocation.""", deal="insight", minutes=13),
        ),
        (Todo("Ask Ramón Ibáñez for his decision on Insight", 2, deal="insight", who="ramon"),),
        contracts=(Contract("plan", -277, 88, 110, 80, renewal="renewal"), Contract("floor", -277, 88, 300, 58, renewal="renewal")),
        verdicts=(Verdict("ramon", 7, "Good, but seven sites need one report, not seven.", -70),),
    ),
    Story(
        "thornwick",
        "A contact who asked not to be called: e-mail only.",
        (
            T(-85, "call", "gareth", "Bad moment", """Reached Gareth in the middle of a mash. He was short with me and asked not to be called again, ever: "Write to me, I read it at
                night." Noted in the consents.""", minutes=2),
            T(-84, "email", "gareth", "E-mail only from now on", """Gareth,

                sorry for yesterday. I will write and not call. The answer to your question: yes, the plan can hold a tank for a guest brew.

                Hannah""",),
            T(-28, "email", "lorna", "Renewal", """Hi Lorna,

                Thornwick's term ends on {on:+55}. Same scope, GBP 19,000. Shall I send the papers to you or to Gareth?

                Hannah""", deal="renewal"),
            T(ThisWeek(1), "email", "gareth", "Guest brew", """Hannah,

                guest brew worked. Send me the renewal terms by mail and I will forward them to Lorna with my blessing.

                Gareth""", "inbound", deal="renewal"),
        ),
        (Todo("E-mail Gareth Pym the renewal terms (do not call)", 3, deal="renewal", who="gareth"),),
        contracts=(Contract("plan", -310, 55, 10, 11, renewal="renewal"), Contract("floor", -310, 55, 30, 8, renewal="renewal")),
    ),
    Story(
        "polder",
        "The analyst who writes the market guide.",
        (
            T(-34, "email", "lotte", "Market guide: two customers wanted", """Dear Tom,

                for the chapter on mid-sized plants I need two customers on the record by {on:+14}. The vendor score closes a week later.

                Lotte Hagendoorn""", "inbound"),
            T(-20, "call", "lotte", "What the guide will say", """Lotte rates us high on the floor screens and lower on reporting. She has heard that Loopstead will lower its prices. Customers
                on the record still missing: Halden Rail agreed, one more to find.""", minutes=34),
        ),
        (Todo("Find a second customer for the market guide", 8, who="lotte"),),
    ),
    Story(
        "fenwright",
        "A partner who sources leads, and wants to hear what becomes of them.",
        (
            T(-55, "email", "simon", "Introduction: Quillon", """Hi Amir,

                meet Fraser Dunmore's team at Quillon Aerosystems. Beth Carrow runs the supply chain there and has budget from {month:+60}. Usual terms, ten percent.

                Simon Aldridge""", "inbound"),
            T(-18, "call", "zara", "Two more names", """Zara has two more: a maker of filters in Derby and a bakery group. She asked what became of Quillon; told her that Hannah has it in
                qualification.""", minutes=16),
            T(ThisWeek(0), "email", "zara", "Filter maker is ready", """Amir,

                the filter people can talk on {on:+4}. They plan 40 lines in a spreadsheet called FINAL_final. I told them you would not laugh.

                Zara Hussain""", "inbound"),
        ),
        (Todo("Call Zara Hussain about the filter maker", 2, who="zara"),),
    ),
    Story(
        "ashgrove",
        "Security first: the SOC 2 report decides about the date.",
        (
            T(-35, "meeting", "philip joanne nadia", "Pump assembly and the security question", "", deal="pumps", transcript="ashgrove-security"),
            T(-15, "email", "philip", "Offer for pump assembly", """Philip,

                GBP 66,000 as discussed, single sign-on included because Nadia made it a condition.

                Hannah""", deal="pumps"),
            T(-3, "call", "nadia", "SOC 2 report still missing", """Nadia has everything but the SOC 2 Type II report. Our legal team needs her signed confidentiality agreement first; she sent it at noon.
                She will not release the order without the report.""", deal="pumps", minutes=11),
            T(ThisWeek(3), "email", "nadia", "NDA signed", """Hannah,

                the signed agreement is attached again. Please send the SOC 2 report by {on:+1}, my committee meets the day after.

                Nadia Rahmani""", "inbound", deal="pumps"),
        ),
        (Todo("Send the SOC 2 report to Nadia Rahmani", 1, "promise", deal="pumps", who="nadia"),),
    ),
    Story(
        "tidemark",
        "A US deal in its last week: security passed, only data processing terms are open.",
        (
            T(-47, "call", "alexis", "SOC 2 accepted", """Alexis accepts the SOC 2 report and the penetration test summary. Her only condition: log-ins through their own identity provider from day
                one, so the single sign-on pack is in.""", deal="assembly", minutes=23),
            T(-6, "email", "jordan", "Ready to sign but for legal", """Dana,

                USD 98,000 is approved. Legal wants to talk about the data processing terms on {on:+2}. If that goes well you have the signature this month.

                Jordan Feld""", "inbound", deal="assembly"),
            T(ThisWeek(1), "chat", "ravi", "Lines first", "can we start with robot line B instead of A? A gets new fixtures until {on:+20}", "inbound", deal="assembly"),
        ),
        (Todo("Legal call with Tidemark on data processing terms", 2, deal="assembly", who="jordan"),),
    ),
    Story(
        "hollis",
        "A content customer in the United States trying an expansion.",
        (
            T(-27, "meeting", "brett monica", "Upholstery trial begins", """Two weeks of trial in upholstery with 18 people. Brett wants to see fewer late sofas; Monica wants to see no overtime. The trial report
                is due on {on:+4}.""", deal="upholstery"),
            T(ThisWeek(0), "email", "brett", "First numbers", """Hi Dana,

                late orders in upholstery: 9 last week, 23 in the week before the trial. Do not tell Monica yet, I want a second week.

                Brett""", "inbound", deal="upholstery"),
        ),
        (Todo("Trial report for upholstery to Monica Estrada", 4, "promise", deal="upholstery", who="monica"),),
        contracts=(Contract("plan", -195, 170, 60, 62, renewal="renewal"),),
        verdicts=(Verdict("monica", 10, "First vendor in years I would call back on a Friday.", -35),),
    ),
)  # fmt: skip
