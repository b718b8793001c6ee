"""Tools that companies work with, as people name them: what is known by name, and what is no tool at all."""

from collections.abc import Iterable, Mapping

from segue.perception.tokens import vocabulary

_NAMED = (
    "Airtable, Asana, AWS, Azure, Basecamp, BambooHR, Bitbucket, Calendly, ClickUp, Confluence, DATEV, "
    "Dropbox, Excel, Freshdesk, Freshsales, GitHub, GitLab, Gmail, Google Analytics, Google Calendar, "
    "Google Docs, Google Drive, Google Sheets, Google Workspace, HubSpot, Intercom, Jira, Klaviyo, Looker, "
    "Mailchimp, Marketo, Microsoft 365, Microsoft Dynamics, Microsoft Excel, Microsoft Project, "
    "Microsoft Teams, Miro, Mixpanel, MS Project, MS Teams, NetSuite, Notion, Odoo, Office 365, Outlook, "
    "Pardot, Pipedrive, Power BI, PowerPoint, QuickBooks, Salesforce, SAP, SAP ERP, ServiceNow, SharePoint, "
    "Shopify, Slack, Smartsheet, Snowflake, Stripe, Tableau, Todoist, Trello, Typeform, WordPress, Workday, "
    "Xero, Zapier, Zendesk, Zoho, Zoho CRM, Zoom, monday.com"
)
_PLAIN = (
    "spreadsheets, a spreadsheet, excel sheets, excel spreadsheets, excel files, google spreadsheets, "
    "pen and paper, paper, paper forms, a whiteboard, whiteboards, sticky notes, post-its, word documents, "
    "shared documents, shared calendars, an in-house tool, a homegrown tool, a home-grown tool, our "
    "own tool, "
    "a self-built tool"
)
TOOL_LISTS = ("tool", "competitor")
"""Kinds of the playbook's `entities.yaml` whose names are tools, too."""

NO_TOOLS = vocabulary(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december english german french spanish italian dutch polish "
    "portuguese japanese chinese swedish danish norwegian finnish czech turkish russian arabic i we you it "
    "the a an this that these those our your their his her my ai api apis it pdf pdfs csv vpn sso kpi kpis "
    "crm erp hr pr seo roi sla gdpr iso usb pc pcs mac macs tv ok pro starter enterprise basic free premium "
    "business team plus all both some many most none nothing something everything each one two three cash "
    "christmas easter europe germany france england britain america usa uk eu"
)


def known_tools(listed: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Names in lower case to how they are told: built in, and of the playbook's own lists.

    >>> known_tools({"tool": ["PlanIt"]})["planit"]
    'PlanIt'
    """
    plain = {name: name.removeprefix("a ").removeprefix("an ") for name in _PLAIN.split(", ")}
    plain["a spreadsheet"] = "spreadsheets"
    own = [name for kind in TOOL_LISTS for name in listed.get(kind, ())]
    return {**plain, **{name.lower(): name for name in (*_NAMED.split(", "), *own)}}
