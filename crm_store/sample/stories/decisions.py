"""Deals that turn: a competitor dropped, dates that contradict, a stall, a reopening, a tender, "not before"."""

from crm_store.sample.days import ThisWeek
from crm_store.sample.forms import Story, Todo
from crm_store.sample.forms import Touch as T

DECISIONS = (
    Story(
        "nordkaje",
        "Mitrel was in the race, was named twice, and is out; now only the signature is missing.",
        (
            T(-96, "meeting", "mikkel rasmus", "Requirements of the repair yards", """Rasmus plans 70 jobs a week on a wall. Mikkel named the other vendor openly: Mitrel has shown a demo and is
                ahead, because their crane module is ready.""", deal="yards"),
            T(-72, "email", "mikkel", "Mitrel's price", """Hi Sofie,

                to be fair to you: Mitrel offers the yards at EUR 59,000 including cranes. You are at 68. Line will ask why.

                Mikkel Thorsen""", "inbound", deal="yards"),
            T(-66, "call", "line", "Why 68 and not 59", """Line Bagger wants the five-year cost, not the first year. Explained that our price holds the ERP link and the other one
                does not. She asked for it on one page.""", deal="yards", minutes=28),
            T(-43, "meeting", "mikkel line rasmus", "Trial result of the yards", "", deal="yards", transcript="nordkaje-trial-result"),
            T(-34, "call", "mikkel", "Mitrel is out", """Mikkel told me that Mitrel is dropped. The reference they named does not use the crane module at all, and the ERP link would
                have cost EUR 14,000 extra. We are the only vendor left.""", deal="yards", minutes=13, outcome="Competitor dropped: Mitrel"),
            T(-9, "email", "line", "Order form", """Sofie,

                please send the order form over EUR 68,000 with payment in 30 days. I will sign it this month, the board has been informed.

                Line Bagger""", "inbound", deal="yards"),
            T(ThisWeek(2), "chat", "mikkel", "Signature", "Line has it in her folder for {weekday:+4}. I walked past and checked.", "inbound", deal="yards"),
        ),
        (Todo("Get the signed order form from Line Bagger", 4, deal="yards", who="line"),),
    ),
    Story(
        "iberloma",
        "Contradicting go-live dates: March was said first, then June, and nobody has settled it in writing.",
        (
            T(-60, "meeting", "nuria oriol", "Scope and go-live", """Nuria wants to go live in {month:+120}, before the sampling season starts. Oriol nodded but said nothing. Planned everything
                backwards from that: trial in two weeks, order a month later.""", deal="dyeing"),
            T(-36, "meeting", "nuria oriol", "Trial kick-off at the dye house", "", deal="dyeing", transcript="iberloma-trial-kickoff"),
            T(-21, "email", "oriol", "Dates for IT", """Hola Carlos,

                from the IT side the go-live is in {month:+210}, not in {month:+120}. We move to a new ERP release before that and cannot test two things at once.

                Oriol Benet""", "inbound", deal="dyeing"),
            T(-13, "call", "nuria", "Which month is it", """Nuria was surprised by Oriol's mail. For her {month:+120} still stands, "otherwise we lose a season". She will talk to him. Teresa
                Vilaró only pays from the month of go-live, so the date decides the budget year as well.""", deal="dyeing", minutes=16),
            T(ThisWeek(1), "email", "teresa", "Budget", """Carlos,

                I have put the EUR 46,000 into the second half of the year, because Oriol told me {month:+210}. If that is wrong I need to know by {on:+4}.

                Teresa Vilaró""", "inbound", deal="dyeing"),
        ),
        (Todo("Get one go-live date in writing from Nuria Casals and Oriol Benet", 4, deal="dyeing", who="nuria"),),
    ),
    Story(
        "veldkamp",
        "A stalled deal: pushed four times, always for a good reason.",
        (
            T(-190, "meeting", "jeroen nico", "Nine lines, one planner", """Jeroen loses two hours a day to tool changes. He wants all nine converting lines at once. EUR 57,000 fits his
                budget; Ilse Brouwersma signs.""", deal="lines"),
            T(-128, "email", "jeroen ilse", "Offer for nine lines", """Beste Jeroen, beste Ilse,

                our offer for the nine lines: EUR 57,000 in the first year, of which EUR 9,500 for the start.

                Groet,
                Tom""", deal="lines"),
            T(-98, "call", "jeroen", "Pushed: machine purchase first", """Ilse wants to buy a die cutter first. Jeroen: "next month, promised". Moved the date.""", deal="lines", minutes=8),
            T(-67, "call", "jeroen", "Pushed: holidays", "Half the company is away and Ilse does not sign in summer. Moved the date again.", deal="lines", minutes=6),
            T(-37, "call", "jeroen", "Pushed: audit", """Food contact audit takes everybody. Third time. Asked whether Ilse wants this at all; he said she likes it "in principle".""", deal="lines", minutes=9),
            T(-8, "call", "jeroen", "Pushed: new figures", """Fourth time: Ilse wants the half-year figures before any investment. Jeroen stopped giving a date and has not
                answered my last two mails. I have never spoken with Ilse alone.""", deal="lines", minutes=7),
        ),
        (Todo("Ask Ilse Brouwersma for a direct talk or close the deal", -2, deal="lines", who="ilse"),),
    ),
    Story(
        "waterlinie",
        "A public tender with clarification rounds and a lawyer who reads every word.",
        (
            T(-110, "event", "marieke guus", "Market consultation", """Market consultation for the maintenance planning tender. Marieke explained the two lots, Guus the 140 pumping stations.
                Four vendors in the room. Questions only in writing from today.""", deal="tender"),
            T(-64, "email", "bas", "Tender published", """Dear bidders,

                the tender documents are published. Award criteria: quality 60 %, price 30 %, sustainability 10 %. Estimated value EUR 118,000 over the first year.
                Offers above EUR 140,000 are excluded.

                Bas Verdonk""", "inbound", deal="tender"),
            T(-22, "email", "bas", "Offer submitted", """Dear Bas,

                our offer was submitted today with all annexes: EUR 118,000, both lots, exit plan included. Please confirm that it can be opened.

                Tom Akkerman""", deal="tender"),
            T(-12, "email", "esther", "Clarification round one", """Dear Mr Akkerman,

                your liability clause deviates from our standard terms (article 9). Please confirm that you accept them unchanged, or explain the deviation. An answer
                that changes the price leads to exclusion.

                Esther Lambrecht, legal counsel""", "inbound", deal="tender"),
            T(-9, "email", "esther", "Re: Clarification round one", """Dear Ms Lambrecht,

                we accept article 9 of your standard terms unchanged. The price stays as offered.

                Tom Akkerman""", deal="tender"),
            T(ThisWeek(1), "email", "bas", "Clarification round two", """Dear bidders,

                round two is open until {on:+5}: please describe how work orders of pumping stations without signal are exported at the end of the contract.
                The award decision is planned for {on:+44}.

                Bas Verdonk""", "inbound", deal="tender"),
        ),
        (Todo("Answer clarification round two of Waterlinie", 5, "promise", deal="tender", who="bas"),
         Todo("Have legal read the answer on the exit plan", 3, deal="tender", who="esther")),
    ),
    Story(
        "pontevale",
        "Lost to Mitrel, then reopened when the yard was disappointed.",
        (
            T(-160, "call", "duarte", "Doubts at the yard", """Duarte prefers us; Inês Morgado looks at the first-year price only. Mitrel is EUR 11,000 lower. I would not bet on it.""", deal="docks", minutes=15),
            T(-105, "email", "ines", "Decision", """Dear Giulia,

                we decided for Mitrel. The reason is the price of the first year. Thank you for the effort your team has made.

                Inês Morgado""", "inbound", deal="docks", outcome="Lost to Mitrel"),
            T(-32, "call", "duarte", "Duarte calls back", """Out of the blue: Duarte says Mitrel has missed the second date for the dock calendar and the yard still plans on paper. He
                asked whether our offer could be revived. Inês would listen now.""", "inbound", deal="docks", minutes=19),
            T(-28, "email", "duarte ines", "Starting again", """Dear Duarte, dear Inês,

                gladly. I suggest a trial on dock 2 only, three weeks, and the old price of EUR 74,000 held until {on:+60}.

                Giulia""", deal="docks"),
            T(ThisWeek(0), "email", "rui", "Dock 2 data", """Giulia,

                here are the jobs of dock 2 since spring. Be gentle, the estimates are mine.

                Rui Sequeira""", "inbound", deal="docks"),
        ),
        (Todo("Load the data of dock 2 into the trial", 2, deal="docks", who="rui"),),
    ),
    Story(
        "salina",
        "A prospect who said not before next year's second quarter, and meant it.",
        (
            T(-52, "meeting", "rosario", "Parks and weather windows", """Rosario likes what he sees: inspection rounds of 31 solar parks, planned against the weather. He has no budget
                this year and said so at once.""", deal="parks"),
            T(-31, "email", "agata", "Not before {quarter:+150}", """Dear Giulia,

                to save us both time: nothing will be bought before {quarter:+150}. Until then please do not send offers. Rosario may come to your events, of course.

                Agata Privitera, CFO""", "inbound", deal="parks"),
            T(-30, "email", "agata", "Understood", """Dear Agata,

                understood, no offers before {quarter:+150}. I will call you in the first week of it.

                Giulia""", deal="parks"),
        ),
        (Todo("Call Agata Privitera in the new budget period", 150, deal="parks", who="agata"),),
    ),
    Story(
        "calder",
        "A hard negotiation with purchasing that is down to the last redlines.",
        (
            T(-77, "meeting", "denise liam", "Nine hubs, one screen", """Denise Okafor wants to see all nine hubs on one screen by the peak. Liam counts 320 people who sort and 200 vans; the hubs in Salford
                and Stockport lose most. They pay GBP 61,000 a year for missed same-day promises. Decision by Denise, purchasing by Wendy Ashcombe, who is
                known to be hard. First price mentioned: GBP 80,000.""", deal="hubs", minutes=60),
            T(-41, "call", "wendy", "Wendy opens at minus 25 %", """Wendy Ashcombe asked for 25 % off GBP 80,000. Offered 10 % for three years and payment in advance. She called it "a start".""", deal="hubs", minutes=31),
            T(-11, "email", "wendy", "Agreed at 72", """Hi Amir,

                GBP 72,000 for three years, yearly in advance. My lawyers will send redlines on liability and on the exit clause.

                Wendy Ashcombe""", "inbound", deal="hubs"),
            T(ThisWeek(1), "call", "liam", "Liam wants to start", """Liam has already picked the two hubs to begin with, Salford and Stockport. He asked whether the trainer could come before the
                ink is dry. No, but I reserved the dates.""", deal="hubs", minutes=9),
        ),
        (Todo("Chase the redlines with Wendy Ashcombe", 1, deal="hubs", who="wendy"),),
    ),
    Story(
        "cobalt",
        "A revised quote is late by a day.",
        (
            T(-21, "email", "hank lena", "Quote for the rebuild shop", """Hi Hank, hi Lena,

                the quote: USD 44,000 for 25 planner seats, 60 floor users and the start, tablets included.

                Dana""", deal="rebuild"),
            T(-6, "call", "lena", "Lena wants it without tablets", """Lena buys tablets through a state contract at half our price. She wants the quote without them by {on:-1} and then takes it to
                the owner. If he nods, they order within the month.""", deal="rebuild", minutes=14, key="quote"),
            T(ThisWeek(3), "email", "lena", "Quote?", """Dana,

                the owner is in on {on:+2}. Is the new quote coming?

                Lena Whitcomb""", "inbound", deal="rebuild"),
        ),
        (Todo("Send Lena Whitcomb the quote without tablets", -1, "promise", deal="rebuild", who="lena", source="quote"),),
    ),
)  # fmt: skip
