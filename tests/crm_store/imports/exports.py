"""Three companies as HubSpot, Salesforce and hand-made files would hold them, with the dirt that such files have."""

SALESFORCE = {
    "UserRole.csv": "Id,Name,ParentRoleId\n00E2,East,00E1\n00E1,Sales,\n",
    "User.csv": "Id,Name,Email,IsActive,UserRoleId,ManagerId\n0051,Rosa Lindt,rosa@halvern.example,true,00E2,0052\n"
    "0052,Emil Bauer,emil@halvern.example,true,00E1,\n0053,Ada Moss,ada@halvern.example,false,00E2,0052\n",
    "Account.csv": "Id,Name,OwnerId,Type,Industry,AnnualRevenue,NumberOfEmployees,Website\n"
    + "".join(f"001A{n},Company {n},0051,Customer - Direct,Manufacturing,1000000,20,company{n}.example\n" for n in range(30))
    + '001B1,Fernhill Dairy GmbH,0051,Prospct,Manufactring,"$1.2M","1,200",https://www.fernhill.example/x\n'
    "001B2,Tarn Logistics,0052,Partner,Transportation,,n/a,tarn.example\n",
    "Contact.csv": "Id,FirstName,LastName,AccountId,Email,LeadSource,HasOptedOutOfEmail,OwnerId\n"
    "0031,Nina,Holt,001B1,nina@fernhill.example,Web,false,0051\n0032,Jon,Abel,,jon@tarn.example,,true,0051\n"
    "0033,Kit,Moor,001GONE,kit@nowhere.example,,false,0051\n",
    "Lead.csv": "Id,FirstName,LastName,Company,Email,Status,LeadSource,IsConverted,ConvertedContactId,ConvertedOpportunityId,"
    "ConvertedDate,CreatedDate\n"
    "00Q1,Nina,Holt,Fernhill Dairy,nina@fernhill.example,Closed - Converted,Trade Show,true,0031,0061,2026-03-05,2026-03-01T08:00:00Z\n"
    "00Q2,Jon,Abel,Tarn Logistics,j.abel@tarn.example,Closed - Converted,Partner,true,0032,,2026-04-02,2026-04-01T08:00:00Z\n"
    "00Q3,Ida,Roth,Moss Mills,ida@moss.example,Working - Contacted,Trade Show,false,,,,2026-05-01T08:00:00Z\n",
    "Product2.csv": "Id,Name,ProductCode,Family,IsActive\n01t1,Rack sensor 100,RS-100,Sensors,true\n01t2,Rack sensor 200,RS-200,"
    "Sensors,true\n",
    "PricebookEntry.csv": "Id,Product2Id,UnitPrice,IsActive,CurrencyIsoCode,UseStandardPrice\n01u1,01t1,120.00,true,EUR,false\n"
    "01u2,01t2,240.00,true,EUR,false\n",
    "Opportunity.csv": "Id,Name,AccountId,StageName,Amount,CurrencyIsoCode,CloseDate,CreatedDate,OwnerId,IsClosed,IsWon,"
    "ForecastCategoryName\n"
    "0061,Cold chain,001B1,Negotiation/Review,50000,EUR,2026-12-24,2026-03-05T08:00:00Z,0051,false,false,Best Case\n"
    "0062,Depot,001B2,Closed Won,7000,EUR,2026-10-01,2026-04-01T08:00:00Z,0052,true,true,Closed\n",
    "OpportunityLineItem.csv": "Id,OpportunityId,PricebookEntryId,Name,Quantity,TotalPrice\n00k1,0061,01u1,,10,1200\n"
    "00k2,0062,,Rack sensr 200,1,240\n",
    "OpportunityFieldHistory.csv": "OpportunityId,Field,OldValue,NewValue,CreatedDate\n"
    "0061,StageName,Prospecting,Perception Analysis,2026-04-01T08:00:00Z\n"
    "0061,StageName,Perception Analysis,Negotiation/Review,2026-05-01T08:00:00Z\n0061,Amount,40000,50000,2026-05-02T08:00:00Z\n"
    "0061,Probability,10,20,2026-05-02T08:00:00Z\n",
    "OpportunityContactRole.csv": "Id,OpportunityId,ContactId,Role\n00K1,0061,0031,Economic Buyer\n",
    "Task.csv": "Id,Subject,Status,ActivityDate,WhatId,WhoId,OwnerId,TaskSubtype,CreatedDate,CallDurationInSeconds\n"
    "00T1,Send offer,Not Started,2026-11-25,0061,0031,0051,Task,2026-11-01,\n00T2,Call,Completed,2026-11-01,0061,0031,0051,Call,"
    "2026-11-01,120\n",
    "EmailMessage.csv": "Id,Subject,TextBody,MessageDate,Incoming,RelatedToId,FromAddress,ToAddress\n"
    "02s1,Price,We need a price,2026-10-02T08:00:00Z,true,0061,nina@fernhill.example,rosa@halvern.example\n",
    "Case.csv": "Id,CaseNumber,Subject,Status,Priority,AccountId,ContactId,OwnerId,CreatedDate,ClosedDate,IsClosed\n"
    "5001,0001,Sensor is dead,Closed,High,001B1,0031,0052,2026-06-01T08:00:00Z,2026-06-03T08:00:00Z,true\n",
    "CaseHistory.csv": "Id,CaseId,Field,OldValue,NewValue,CreatedDate\n0171,5001,Owner,Rosa Lindt,Emil Bauer,2026-06-02T08:00:00Z\n"
    "0172,5001,Status,New,Working,2026-06-01T09:00:00Z\n0173,5001,Status,Working,Closed,2026-06-03T08:00:00Z\n"
    "0174,5001,Comment,,x,2026-06-03T08:00:00Z\n",
    "Campaign.csv": "Id,Name,Type,Status,StartDate\n7011,Spring fair,Trade Show,Completed,2026-02-20\n",
    "CampaignMember.csv": "Id,CampaignId,ContactId,LeadId,Status,HasResponded,CreatedDate\n00v1,7011,0031,,Sent,true,2026-02-21\n"
    "00v2,7011,,00Q1,Sent,false,2026-02-21\n00v3,7011,,00Q3,Sent,false,2026-02-21\n",
    "Order.csv": "Id,OrderNumber,AccountId,EffectiveDate,Status,TotalAmount,CurrencyIsoCode,OpportunityId\n8011,00100,001B2,"
    "2026-10-05,Activated,480,EUR,0062\n",
    "OrderItem.csv": "Id,OrderId,Product2Id,Quantity,TotalPrice\n8021,8011,01t2,2,480\n",
    "Quote.csv": "Id,Name\n0Q01,Offer\n",
}  # fmt: skip
HUBSPOT = {
    "owners.csv": "owner id,email,first name,last name\n11,rosa@halvern.example,Rosa,Lindt\n12,emil@halvern.example,Emil,Bauer\n",
    "hubspot-crm-exports-all-companies.csv": "Record ID,Company name,Company owner,Company Domain Name,Industry,Lifecycle Stage,"
    "Number of Employees\n"
    "900,Fernhill Dairy,Rosa Lindt,fernhill.example,FOOD_BEVERAGES,Customer,120\n901,Tarn Logistics,Emil Baur,tarn.example,"
    "LOGISTICS,Lead,\n",
    "all-contacts.csv": "Record ID,First Name,Last Name,Email,Associated Company,Lifecycle Stage,Unsubscribed from all email,"
    "Legal basis for processing contact's data,Original Source,Contact owner\n"
    "31,Nina,Holt,Nina@Fernhill.example,Fernhill Dairy Ltd.,Opportunity,,Freely given consent from contact,Offline,Rosa Lindt\n"
    "32,Jon,Abel,jon@tarn.example,,Lead,true,,Paid search,Emil Bauer\n33,,,not an address,,Lead,,,,\n",
    "contact_property_history.csv": "contact_id,timestamp,name,value\n31,2026-02-01 08:00:00,lifecyclestage,lead\n"
    "31,2026-03-01 08:00:00,lifecyclestage,opportunity\n31,2026-03-01 08:00:00,phone,1\n",
    "all-deals.csv": "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company IDs,"
    "Associated Contact IDs\n"
    '71,Cold chain,Contract Sent,Sales Pipeline,"$18,500.00",24/12/2026,01/09/2026 08:00,Rosa Lindt,900,31\n'
    "72,Depot,Closed Won,Sales Pipeline,€7k,13/10/2026,02/09/2026 08:00,Emil Bauer,901,32;99\n73,Bad,Closed Won,Sales Pipeline,"
    "lots,13/10/2026,,,,\n",
    "deal_property_history.csv": "deal_id,timestamp,name,value\n71,2026-09-01 08:00:00,dealstage,appointmentscheduled\n"
    "71,2026-10-01 08:00:00,dealstage,contractsent\n71,2026-10-02 08:00:00,amount,18500\n",
    "line_items.csv": "Record ID,Associated Deal IDs,Name,Quantity,Net price,SKU\n881,71,Rack sensor,5,500,RS\n",
    "all-calls.csv": "Record ID,Activity date,Call notes,Call duration,Associated Contact IDs,Activity assigned to,Call Title\n"
    '501,2026-10-03 09:00,"<p>Wants a\ndiscount</p>",00:02:05,31,Rosa Lindt,Price call\n',
    "all-tickets.csv": "Ticket ID,Ticket name,Ticket status,Priority,Create date,Close date,Ticket owner,Associated Company IDs,"
    "First agent reply date\n"
    "301,Sensor dead,Closed,HIGH,2026-06-01 08:00,2026-06-02 08:00,Rosa Lindt,900,2026-06-01 10:00\n",
    "ticket_property_history.csv": "ticket_id,name,value,timestamp_instant\n301,hubspot_owner_id,12,2026-06-01 08:00:00\n"
    "301,hubspot_owner_id,11,2026-06-01 12:00:00\n",
}  # fmt: skip
OWN = {
    "people.csv": "id;name;email;role;team\n1;Rosa Lindt;rosa@halvern.example;rep;North\n"
    "2;Emil Bauer;emil@halvern.example;manager;North\n",
    "teams.csv": "name;parent\nNorth;Sales\nSales;\n",
    "accounts.csv": "id;name;owner;domain;annual revenue;currency\nA1;Fernhill Dairy;Rosa Lint;fernhill.example;1.234.567,50 €;EUR\n",
    "contacts.csv": "id;name;email;account\nC1;Nina Holt;nina@fernhill.example;A1\nC1;Nina Twice;n@fernhill.example;A1\n"
    "C2;Nul\x00 Byte;x@fernhill.example;\n",
    "deals.csv": "id;name;account;stage;owner;amount;close date;created at\nD1;Cold chain;Fernhill Dairy;Proposal;1;1.234,"
    "56 €;46380;31.01.2026\n",
    "products.csv": "id;name\nP1;Rack sensor\n",
    "subscriptions.csv": "id;account;product;starts on;ends on;amount;currency;seats\n"
    "S1;A1;Rack sensr;01.01.2026;31.12.2026;1.200,00;EUR;5\n",
    "surveys.csv": "id;kind;score;at;contact\nV1;nps;9;2026-05-01;C1\nV2;nps;14;2026-05-01;C1\n",
    "quotas.csv": "person;starts;ends;amount;currency\nrosa@halvern.example;01.10.2026;31.12.2026;250.000;EUR\n",
    "exchange rates.csv": "currency;base;on;rate\nUSD;EUR;2026-11-01;0,92\n",
    "consents.csv": "contact;channel;purpose;status;at;source\nC1;E-mail;Newsletter;subscribed;2026-05-01 10:00;Form\n"
    "C1;email;marketing;unsubscribed;2026-06-01 10:00;Link\n",
}  # fmt: skip
