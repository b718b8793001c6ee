"""Words that events are made of: the dictionary small events are compressed with, commonest last.

INVARIANT: part of the format of the log. It never changes; other words would be another marker in `crypto`.
"""

WORDS = (
    rb""","action":"send_task","verb":"create_ticket","verb":"create_task","connector":"helpdesk","connector":"crm","""
    rb'''"label":"","p_ppm":,"start":,"end":,"nearest":"","intents":[{"preferences":[{"pii":[{"risk":["'''
    rb""""decision":"accept","decision":"ask","decision":"escalate","language":"en","language":"de","mood":"calm","""
    rb""",{"name":"thread.last_inbound_days","value":,{"name":"thread.last_inbound_channel",{"name":"window.open","""
    rb""",{"name":"consent.withdrawn","value":false,{"name":"consent.channel",{"name":"meeting.upcoming","""
    rb""",{"name":"account.open_tickets","value":[],{"name":"person.open_tickets","value":[],{"name":"account.stage","""
    rb""",{"name":"account.health",{"name":"account.renews_at",{"name":"account.arr",{"name":"account.brand","""
    rb""",{"name":"account.owner","origin":"",{"name":"account.owner_email","origin":"",{"name":"person.name","""
    rb""",{"name":"message.decision","value":"none",{"name":"message.intents",{"name":"person.angry","value":false"""
    rb""",{"name":"person.mood","value":"calm"},{"name":"person.language","value":"en"},{"name":"person.zone","""
    rb''',{"name":"person.avoids_channels","value":[],{"name":"person.email","origin":"","value":"'''
    rb""",{"name":"person.human_in_conversation","value":false},{"name":"person.preferred_channel","value":""},"""
    rb''',{"name":"person.prefers_channel","value":""},"unit":"account:","draw_ppm":,"name":"agent"'''
    rb""""arms":[{"at":,"contact":"","deadline_at":,"opened_at":,"state":"","status":"open","value_micro":"""
    rb'''"timers":[{"body":{"detector":""},"due_at":,"kind":"absence","timers_cancelled":["goals":[{"'''
    rb'''"kind":"message.received","by":"customer","direction":"in","direction":"out","messages":[{"text":","thread":"'''
    rb""""kind":"message.sent","kind":"mail.opened","kind":"link.clicked","url":"https://","after_s":,"exposures":[{"""
    rb'''"kind":"ticket.opened","kind":"ticket.solved","ticket":"","topic":"","kind":"form.submitted","form":"'''
    rb'''"kind":"effect.settled","source":"segue.dispatch","source_id":"","state":"delivered","reference":"'''
    rb""""kind":"timer.fired","source":"segue.timer","timer":"","timer_kind":"","trigger":"","derived":[{"""
    rb'''"kind":"usage.recorded","count":,"kind":"page.viewed","body":{"path":"/","title":""},"kind":"detector.fired"'''
    rb'''"kind":"account.updated","kind":"profile.updated","kind":"consent.changed","channel":"all","state":"granted"'''
    rb'''"facts":{"arr":{"amount":,"currency":"EUR"},"health":,"owner":"","owner_email":"","plan":"","renews_at":"'''
    rb""""facts":{"country":"","email":"","language":"en","name":"","role":"","time_zone":"Europe/"}},"history":true"""
    rb"""{"predicate":"country",{"predicate":"time_zone",{"predicate":"email",{"predicate":"language",{"predicate":"name","""
    rb"""{"predicate":"role",{"predicate":"owner",{"predicate":"owner_email",{"predicate":"plan",{"predicate":"stage","""
    rb"""{"predicate":"health",{"predicate":"renews_at",{"predicate":"arr",{"predicate":"brand",{"predicate":"title","""
    rb'''{"predicate":"mood",{"predicate":"mood_ppm",{"predicate":"sentiment",{"predicate":"consent.all","value":"granted"'''
    rb"""{"predicate":"ticket","qualifier":"",{"predicate":"ticket_solved","qualifier":"","trust":"claimed","valid_to":"""
    rb"""{"percept":{"human_ppm":900000,"model":"","sentiment":,"type":"perceived"}"""
    rb"""{"attempt":{"attempt":1,"effect_id":"","ended_at":,"number":1,"started_at":,"type":"attempted"}"""
    rb""""effects":[{"account_id":"","arguments":{"brand":"","from":"","subject":"","text":"","to":""},"""
    rb""""candidate_id":"","channel":"email","connector":"email","deadline_at":,"effect_class":"K","goal_id":"","""
    rb""""not_before":,"offer":"","play":"","profile_id":"","purpose":"service","reservations":["","verb":"send"}],"""
    rb'''"reservations":[{"amount":1,"at":,"decision_id":"","id":"","key":"cap:","limit":1,"state":"held","subject":"'''
    rb'''"arm":"agent","at":,"because":"","chosen":"","because":"needs `","candidate":{"action":"'''
    rb'''"because":"costs more than it is expected to bring","candidate":{"action":"'''
    rb'''"at":,"brand":"","channel":"email","connector":"email","goal_id":"","id":"","offer":"","play":"","profile_id":"'''
    rb""""purpose":"commercial","sender":"","verb":"send"},"dropped_at":"precondition","dropped_at":"policy","""
    rb""""purpose":"internal"},"dropped_at":"reservation","dropped_at":"score","dropped_at":"choice","score":{"""
    rb""""assumed":["chance","advance","opt_out"],"items":[["value",],["cost",-],["attention",-],["risk",-]],"total":"""
    rb'''"verdict":{"matches":[{"rule":"","then":"forbid","why":"","until":,"unknown":["'''
    rb'''"action":"no_action","decision":{"account_id":"","action":"","mode":"act","mode":"nothing","person_id":"'''
    rb""""engine":"","facts":[{"name":"","origin":"","value":"propensities":[["",1000000]],"question":"next_action","""
    rb""""shared":[{"name":"kill_switch","position":,"value":false},{"name":"hour:chosen:","position":,"value":"""
    rb""""index":0,"lane":"account:","lane":"person:","account_identifiers":[["","account"]],"joined":true,"""
    rb""""counts":[{"add":1,"day":,"name":"signal:","subject":"account:"},{"add":1,"day":,"name":"usage","""
    rb'''"counts":[{"add":1,"day":739,"name":"page:/","subject":"profile:"},{"add":1,"day":739,"name":"signal:","subject":"'''
    rb""""subject":"tenant"}],"facts":[{"predicate":"","signal_id":"","subject":"profile:","trust":"verified","valid_from":1"""
    rb''',"value":""},{"predicate":"","signal_id":"","subject":"account:","trust":"verified","valid_from":1,"value":"'''
    rb"""{"account_id":"","counts":[{"add":1,"day":739,"links":{"account_id":"","identifiers":[["","crm"],["","email"]],"""
    rb""""is_new":true,"person_id":"","profile_id":""},"now":1,"person_id":"","profile_id":"","signal_id":"","""
    rb""""subject":"profile:","type":"stepped"}{"signal":{"body":{"id":"","identifiers":["crm:","email:","@","account:"],"""
    rb""""kind":"","occurred_at":1,"received_at":1,"source":"web","source_id":"","subject":""},"type":"received"}"""
)
