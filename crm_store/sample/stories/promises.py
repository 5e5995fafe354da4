"""Promises kept and broken, an expansion, and a deal in commit that slipped this week."""

from crm_store.sample.days import Exactly, ThisWeek
from crm_store.sample.forms import Contract, Story, Todo, Trouble, Verdict
from crm_store.sample.forms import Touch as T

PROMISES = (
    Story(
        "halden",
        "A promise that was kept to the day, and the expansion that followed from it.",
        (
            T(-66, "meeting", "astrid oskar", "Night crews without tablets", "", deal="mobile", transcript="halden-night-crews"),
            T(-38, "call", "astrid", "Offline test promised", """Astrid wants proof that the tablets work under the trains, where there is no signal. I promised a test report
                from the pit in workshop 2 by {on:-25}. She will not talk about numbers before that.""", deal="mobile", minutes=16, key="pit"),
            T(-26, "email", "astrid emil", "Test report from the pit", """Dear Astrid, dear Emil,

                here is the report I promised for tomorrow, a day early: six hours offline in the pit, 41 work orders closed, all of them synchronised within
                90 seconds of getting signal again. Oskar signed the last page.

                Best regards,
                Sofie""", deal="mobile"),
            T(-25, "email", "astrid", "Re: Test report from the pit", """Sofie,

                you promised it for today and it came yesterday. Thank you. Karin will ask you for a price for 220 devices.

                Astrid""", "inbound", deal="mobile"),
            T(-8, "call", "karin", "Price for 220 devices", """Karin Holmgren accepts SEK invoicing through the group but the contract stays in euro: EUR 38,000 including 30 rugged
                tablets. She wants 45 days to pay. Agreed.""", deal="mobile", minutes=25),
            T(ThisWeek(2), "email", "karin", "Draft contract", """Hello Sofie,

                the draft is with our lawyer. Two remarks so far, both about delivery of the tablets: not all 30 on one day, please, and spare chargers included.

                Karin Holmgren""", "inbound", deal="mobile"),
            T(1, "meeting", "karin astrid", "Contract call: mobile for night crews", "", deal="mobile", minutes=45, key="tomorrow"),
        ),
        (Todo("Send Astrid Nyberg the test report from the pit", -25, "promise", done=-26, deal="mobile", who="astrid", source="pit"),
         Todo("Split delivery plan for the 30 tablets", Exactly(0), "promise", deal="mobile", who="karin")),
        contracts=(Contract("plan", -80, 285, 90, 60, renewal="renewal"), Contract("floor", -80, 285, 160, 30, renewal="renewal")),
        verdicts=(Verdict("astrid", 9, "They do what they say, on the day they say it.", -20),),
    ),
    Story(
        "valdehondo",
        "A promise broken: the corrected offer never arrived, twice asked for.",
        (
            T(-24, "email", "pilar", "Offer for bottling traceability", """Estimada Pilar,

                the offer for the bottling line: EUR 23,000 with one Trace site, 20 label kits and two days on site.

                Un saludo,
                Carlos""", deal="labels"),
            T(-20, "call", "pilar", "The offer has the wrong line", """Pilar noticed that the offer names bottling line 1; it must be line 3, which has another printer. I told her she would
                have the corrected offer by {on:-13}.""", deal="labels", minutes=10, key="wrong"),
            T(-11, "email", "pilar", "Corrected offer?", """Hola Carlos,

                you said by {on:-13}. Gonzalo asks me every morning. Is there a problem?

                Pilar Ocaña""", "inbound", deal="labels"),
            T(-10, "chat", "pilar", "Apology", "Sorry Pilar, I was at the fair. You will have it on {on:-6}, my word.", deal="labels", key="again"),
            T(ThisWeek(1), "email", "gonzalo", "We start to look elsewhere", """Carlos,

                the second date has passed as well. The harvest does not wait, and a supplier who cannot send a corrected page worries me. If I do not have the offer this
                week, I will ask the printer's maker for their own system.

                Gonzalo Requena""", "inbound", deal="labels"),
        ),
        (Todo("Send Pilar Ocaña the corrected offer for line 3", -13, "promise", deal="labels", who="pilar", source="wrong"),
         Todo("Corrected offer to Pilar Ocaña, second date", -6, "promise", deal="labels", who="pilar", source="again")),
        contracts=(Contract("plan", -300, 65, 25, 22),),
    ),
    Story(
        "castellaro",
        "An expansion that grew from EUR 35,000 to 52,000 and reached Negotiation this week.",
        (
            T(-70, "meeting", "davide paolo", "From the kilns to the glazing hall", "", deal="glazing", transcript="castellaro-glazing"),
            T(-36, "email", "davide", "More people than we thought", """Cara Giulia,

                we counted again: 140 people would use Floor in the glazing hall, not 90, and Serena wants dashboards for both halls. Please offer the larger version.

                Davide""", "inbound", deal="glazing"),
            T(-30, "email", "davide serena", "Offer, larger version", """Caro Davide, cara Serena,

                140 Floor users, two Insight sites and 20 tablets: EUR 52,000. The rate per user falls by eight percent because you pass the next band.

                A presto,
                Giulia""", deal="glazing"),
            T(ThisWeek(0), "call", "serena", "Serena agrees to the scope", """Serena has no objection left. The interface to the glazing line stays with her own people, which saves us a week. She
                signs first, Davide countersigns.""", deal="glazing", minutes=19),
            T(ThisWeek(3), "email", "serena", "Order form", """Giulia,

                signed on our side by me, Davide's signature follows. Please reserve the trainer for the week of {on:+18}.

                Serena Bixio""", "inbound", deal="glazing"),
        ),
        (Todo("Reserve the trainer for Castellaro", 1, deal="glazing", who="serena"),
         Todo("Countersign the Castellaro order form", 3, deal="glazing", who="davide")),
        contracts=(Contract("plan", -250, 115, 60, 52, renewal="renewal"), Contract("connect", -250, 115, 1, 9)),
        verdicts=(Verdict("davide", 9, "Fuller kilns, calmer nights.", -60),),
    ),
    Story(
        "monteluce",
        "A deal in commit whose date slipped this week; a SOC 2 report is part of the talks.",
        (
            T(-80, "meeting", "irene noemi", "Validation and security", "", deal="batch", transcript="monteluce-validation"),
            T(-55, "email", "irene", "Security review passed with two remarks", """Dear Giulia,

                our security review of your SOC 2 Type II report is finished: passed, with two remarks on log retention (we need 24 months) and on the
                leaver process. Neither stops the project.

                Irene Salvemini""", "inbound", deal="batch"),
            T(-26, "call", "fabio", "Signature planned", """Fabio wants to sign before the month is over: EUR 112,000, three-year term, price capped at 3 % a year. He called it
                "as good as done", so I moved it to commit.""", deal="batch", minutes=21),
            T(ThisWeek(1), "call", "fabio", "Signature slips", """Fabio cannot sign this month. The holding froze all signatures above EUR 100,000 until its meeting on {on:+32}. He
                expects no objection and suggested {on:+39}. Asked whether EUR 98,000 without the recall module would pass now: he will think about it.""",
              deal="batch", minutes=24, outcome="Close date moved"),
            T(ThisWeek(2), "email", "noemi", "Validation plan", """Giulia,

                do not stop the validation plan on your side because of the signature. If the documents come late we lose the slot with the inspectors in {month:+110}.

                Noemi Laurenti""", "inbound", deal="batch"),
        ),
        (Todo("Tell Luca how the Monteluce slip changes the quarter", Exactly(0), deal="batch"),
         Todo("Offer Fabio Quaranta the version without recall", 2, deal="batch", who="fabio"),
         Todo("Send Noemi Laurenti the validation plan", 4, "promise", deal="batch", who="noemi")),
    ),
    Story(
        "navarrosa",
        "Two people called Javier in one account, with different roles.",
        (
            T(-55, "call", "javierm", "Dock scheduling wanted", """Javier Montes wants the docks in the plan: 60 trucks a day and three hours of waiting on Mondays. He decides on the
                operations side; purchasing is Elena Sarrate.""", deal="dock", minutes=17),
            T(-29, "email", "javiero", "Interface user for the trial", """Hola Carlos,

                I have made an interface user for the trial. Please only read, writing comes after my colleague Javier Montes agrees.

                Javier Olmedo
                IT Support""", "inbound", deal="dock"),
            T(-7, "meeting", "javierm elena", "Terms for dock scheduling", """Elena accepts EUR 32,000 and wants to pay in two halves, the second after go-live. Javier Montes needs it
                before the Easter traffic. Both want one contact for support, not a queue.""", deal="dock"),
            T(ThisWeek(2), "email", "elena", "Payment in two halves", """Carlos,

                our finance agrees to half on signature and half on go-live if you name a date for the latter. I confirm the terms by {on:+2}.

                Elena Sarrate""", "inbound", deal="dock"),
        ),
        (Todo("Name a go-live date for the second payment", 1, deal="dock", who="elena"),),
        contracts=(Contract("floor", -176, 189, 180, 30), Contract("mobile", -176, 189, 90, 13)),
        troubles=(Trouble("navarrosa-1", "Temperature log missing for two hours", "Gateway restarted without saving.", -70, "javiero", "high", -66, satisfaction=4),),
        verdicts=(Verdict("javierm", 8, "Solid. More docks, please.", -50),),
    ),
    Story(
        "vernay",
        "A small customer that reorders label kits every eight weeks; the next order is due.",
        (
            T(-64, "email", "helene", "Étiquettes, comme d'habitude", """Bonjour Camille,

                please send four label kits again, same as last time. The harvest uses them faster than we think.

                Hélène""", "inbound"),
            T(-9, "call", "gaspard", "Renewal after the harvest", """Gaspard signs the renewal of EUR 18,000 after the harvest review on {on:+6}. He asked, half joking, whether labels could
                be part of the subscription.""", deal="renewal", minutes=11),
        ),
        (Todo("Call Hélène Barbot: label kits should be running low", 1, who="helene"),),
        contracts=(Contract("trace", -341, 24, 1, 18, renewal="renewal"),),
        verdicts=(Verdict("helene", 9, "Ça marche, and the hotline speaks French.", -80),),
    ),
)  # fmt: skip
