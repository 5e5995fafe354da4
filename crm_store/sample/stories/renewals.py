"""Renewals: one at risk, one under an urgent case, one made, one after a bad score, and a happy customer."""

from crm_store.sample.days import Exactly, ThisWeek
from crm_store.sample.forms import Contract, Purchase, Story, Todo, Trouble, Verdict
from crm_store.sample.forms import Touch as T

RENEWALS = (
    Story(
        "meridian",
        "A renewal at risk: price, Corvane on the shortlist, and the promised usage report is overdue.",
        (
            T(-58, "meeting", "mara anton", "Renewal kick-off with Meridian", "", deal="renewal", transcript="meridian-renewal-kickoff", key="kickoff"),
            T(-44, "email", "anton", "Budget for next year", """Hello Jonas,

                I have to be frank. EUR 88,000 will not pass. Our packaging costs rose by nine percent and the board has asked for savings
                on every contract above EUR 50,000. Please come back with something that starts with a seven or explain what we would lose.

                Anton Riedel""", "inbound", deal="renewal"),
            T(-40, "call", "mara", "Renewal moved to a later date", """Mara will not get the signature this month: Anton Riedel is collecting offers first.
                She thinks mid next month is realistic. She uses the plan every day and would hate to lose it, but "I am not the one who pays".""", deal="renewal", minutes=18),
            T(-31, "email", "mara birgit", "Your renewal: revised offer", """Hello Mara, hello Birgit,

                as discussed the revised offer: EUR 84,000 for 70 planner seats, 140 floor users and the ERP link. The index is waived for the first year.

                Best regards,
                Jonas""", deal="renewal"),
            T(-17, "call", "birgit", "Purchasing asks for comparison offers", """Birgit Hanke has to show three offers. Corvane is on the shortlist at EUR 71,000
                without onboarding, and a second vendor she did not name. Asked her to compare the interface and the two-hour support as well.""", deal="renewal", minutes=14, outcome="Competitor shortlisted: Corvane"),
            T(-10, "call", "mara", "Usage report promised", """Mara needs facts for Anton: how many people use the plan, how often, and what it saved. I promised her the usage
                report by {on:-3}. She said, "We will look at two other vendors before signing, that is not my choice."
                Price is the reason, not the product.""", deal="renewal", minutes=22, key="report"),
            T(-5, "email", "mara", "Usage report?", """Hi Jonas,

                Anton has put us on the agenda for {on:+6}. Did I miss your usage report, or is it still to come? Without it I have only my opinion to show.

                Mara""", "inbound", deal="renewal"),
            T(Exactly(-1), "email", "anton", "Corvane presentation", """Jonas,

                for your information, Corvane presents to us on {on:+5}. If you want your figures to be seen they should be here before that day.

                Anton Riedel""", "inbound", deal="renewal"),
        ),
        (Todo("Send Mara Lindqvist the usage report", -3, "promise", deal="renewal", who="mara", source="report"),
         Todo("Call Anton Riedel about the renewal price", Exactly(0), deal="renewal", who="anton"),
         Todo("Prepare a comparison with Corvane's scope", 2, deal="renewal")),
        contracts=(Contract("plan", -353, 12, 70, 52, renewal="renewal"), Contract("floor", -353, 12, 140, 26, renewal="renewal")),
        verdicts=(Verdict("mara", 8, "Does what it should. Price is a topic every year.", -95),),
    ),
    Story(
        "brennholm",
        "An urgent case is open while the renewal is due.",
        (
            T(-46, "meeting", "lars ulrika", "Year in review", """Lars is content: 14 % more cubic metres with the same three saw lines. Ulrika wants the drying kilns in the plan next.
                Renewal at EUR 47,000 is fine for Lars "if nothing breaks until then".""", deal="renewal"),
            T(-14, "email", "lars", "Renewal terms accepted", """Hello Sofie,

                the terms are fine: 32 seats, 95 floor users, ERP link, EUR 47,000. I will sign when I am back from the autumn fair.

                Lars Ekdahl""", "inbound", deal="renewal"),
            T(-7, "call", "ulrika", "Saw line 2 without plan since this morning", """Ulrika called at seven: after the update the floor screens of saw line 2 show no orders. They run from
                paper. Opened an urgent case with support while she was on the phone. She said Lars is furious and asked me not to mention the
                contract to him today.""", "inbound", deal="renewal", minutes=12),
            T(ThisWeek(1), "email", "lars", "Line 2 again", """Sofie,

                your people say they are working on it. This is not the first day on paper. I will not sign a renewal in the middle of an outage.
                Tell me when it is solved and why it happened.

                Lars Ekdahl""", "inbound", deal="renewal"),
            T(ThisWeek(3), "note", "", "Brennholm outage: where we stand", """Support found the cause: a new field in the work order breaks the saw line's filter. A fix is being tested.
                Do not send the signature link before Lars has had the explanation in writing.""", "internal", deal="renewal"),
        ),
        (Todo("Written explanation of the outage to Lars Ekdahl", 1, "promise", deal="renewal", who="lars"),),
        contracts=(Contract("plan", -344, 21, 32, 29, renewal="renewal"), Contract("floor", -344, 21, 95, 18, renewal="renewal")),
        troubles=(Trouble("brennholm-1", "Floor screens on saw line 2 show no orders", "Since the update all work orders of saw line 2 are filtered out. Production runs from paper. Fix in test.", -7, "ulrika", "urgent"),
                  Trouble("brennholm-0", "Wrong moisture unit on the label", "Percent shown as kilograms.", -160, "ulrika", "low", -156, satisfaction=5)),
    ),
    Story(
        "eskelund",
        "A happy customer, NPS 10, no open case: worth asking for a referral. The renewal was signed early.",
        (
            T(-75, "call", "hanne", "Recall drill in 40 minutes", """Hanne is delighted: the authority asked for a recall drill without notice and they traced 212 pallets in 40 minutes.
                Last year it took a day and a half. Bo showed the inspector the screen himself.""", minutes=20),
            T(-40, "meeting", "hanne trine", "Renewal and bottling hall", "", deal="renewal", transcript="eskelund-review"),
            T(-16, "email", "trine", "Signed renewal", """Dear Sofie,

                attached you will find the signed renewal for EUR 43,000. We did not need the whole notice period this time.

                Trine Aaby""", "inbound", deal="renewal"),
            T(-9, "email", "hanne", "Line 2 pilot", """Hi Sofie,

                bottling line 2 can start the pilot on {on:+8}. By the way, a colleague of mine at a dairy in Jutland asks me every month how we do the tracing.
                I keep telling her to call you.

                Hanne""", "inbound", deal="bottling"),
            T(ThisWeek(0), "chat", "hanne", "Pilot tablets", "The pilot tablets are here, all eight. The crew has already named one of them.", "inbound", deal="bottling"),
        ),
        (Todo("Prepare the pilot on bottling line 2", 6, deal="bottling", who="hanne"),),
        contracts=(Contract("trace", -16, 349, 2, 29), Contract("recall", -16, 349, 2, 14)),
        verdicts=(Verdict("hanne", 10, "The recall drill alone paid for it. I recommend you already, you just do not know it.", -12), Verdict("trine", 9, "Easy to deal with, invoices are right.", -12)),
        troubles=(Trouble("eskelund-1", "Pallet label printer offline after a power cut", "Driver had to be set up again.", -120, "bo", "high", -119, satisfaction=5, comment="Called back in ten minutes."),),
    ),
    Story(
        "steenbakker",
        "A case closed with a score of 1, and nobody has called since.",
        (
            T(-50, "call", "saskia", "Scanners lose the connection", """Saskia reports that the hand-helds at the Rotterdam dock drop out in every second wave. Opened a case for her. She
                sounded tired rather than angry, which is worse.""", "inbound", minutes=9),
            T(-24, "email", "saskia", "Third time I explain this", """Tom,

                I have now explained the same thing to three different people at your support. The dock lost about eleven hours last week. If premium
                support means that somebody reads the ticket, then tell me why it is sold separately.

                Saskia Molenaar""", "inbound", deal="support"),
            T(-15, "chat", "saskia", "Closed?", "Your support has closed my ticket with 'works as designed'. I have filled in your survey accordingly.", "inbound"),
            T(-12, "note", "", "Case review", "Support says the dock's wireless network is at fault. Nobody has told Saskia Molenaar so in a way she would accept. Someone should call her.", "internal", deal="support"),
        ),
        (Todo("Call Saskia Molenaar after the closed case", -7, who="saskia"),),
        contracts=(Contract("floor", -299, 66, 260, 47, renewal="renewal"), Contract("mobile", -299, 66, 120, 16, renewal="renewal")),
        troubles=(Trouble("steenbakker-1", "Hand-helds lose the connection at the Rotterdam dock", "Drop-outs in every second wave; closed as works as designed, network suspected.", -50, "saskia", "high", -15, satisfaction=1, comment="Explained it three times and was told it is my network. Nobody has called me."),
                  Trouble("steenbakker-2", "User locked out", "Password reset loop.", -200, "dirk", "normal", -199, satisfaction=4)),
        verdicts=(Verdict("wouter", 6, "Good product when it runs. Service is slow.", -90),),
    ),
    Story(
        "ilmarila",
        "A calm renewal in commit; the form is on its way.",
        (
            T(-61, "meeting", "sanna veli", "Renewal talk", """Sanna planned the summer shutdown with the tool for the first time: 212 jobs, 9 of them late, none on the critical
                path. Veli will renew at EUR 75,000 if the price is held and two consultant days in the shutdown week are included. Agreed to both.""", deal="renewal", minutes=60),
            T(-17, "email", "sanna veli", "Renewal form", """Dear Sanna, dear Veli,

                the renewal form over EUR 75,000, unchanged scope, price held as agreed. The consultant's two days in the shutdown week are in it at no charge.

                Kind regards,
                Tom""", deal="renewal"),
            T(ThisWeek(2), "email", "sanna", "Form is with Veli", """Hi Tom,

                the form is on Veli's desk, he is back {weekday:+2}. Nothing speaks against it.

                Sanna""", "inbound", deal="renewal"),
        ),
        (Todo("Remind Veli Rantamo of the signed form", 3, deal="renewal", who="veli"),),
        contracts=(Contract("plan", -350, 15, 70, 60, renewal="renewal"), Contract("scenario", -84, 281, 70, 18)),
        verdicts=(Verdict("sanna", 9, "We plan the shutdown with it now. Could be faster with 70 users.", -100),),
    ),
    Story(
        "rillstone",
        "A large renewal where the number of users is the question.",
        (
            T(-33, "meeting", "vince gloria", "Terminals review", """Vince: claims for lost freight are down 22 % since the terminals use the tablets. Gloria counts 431 active users
                of 500 and wants to pay for 440. Vince thinks the spring will need all 500. They will settle it between themselves.""", deal="renewal"),
            T(-19, "email", "gloria vince", "Renewal with two options", """Hi Gloria, hi Vince,

                option A: 500 users at USD 130,000. Option B: 440 users at USD 119,000 with the right to go back to 500 at the same rate until summer.

                Best,
                Dana""", deal="renewal"),
            T(ThisWeek(1), "call", "gloria", "User numbers", """Gloria leans to option A because Vince is adding a terminal in {month:+60}. She confirms the number by {on:+3}.
                No other vendor is being looked at.""", deal="renewal", minutes=15),
        ),
        (Todo("Get the confirmed user number from Gloria Tran", 3, deal="renewal", who="gloria"),),
        contracts=(Contract("floor", -330, 35, 500, 96, renewal="renewal"), Contract("mobile", -330, 35, 240, 34, renewal="renewal")),
        verdicts=(Verdict("vince", 9, "Claims are down by a fifth.", -45),),
        purchases=(Purchase(-210, "floor:500 mobile:240 onboarding:1", "gloria", "terminals"),),
    ),
)  # fmt: skip
