"""Roles, what each may do in plain words, and who grants what."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """The job of a user (users.role)."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"
    SUPPORT = "support"
    SENIOR_AGENT = "senior_agent"
    UNDERWRITER = "underwriter"
    EXECUTIVE = "executive"
    ANALYST = "analyst"
    CUSTOMER = "customer"

    @property
    def label(self) -> str:
        """The role as people say it."""
        return _LABELS[self]


_LABELS = MappingProxyType(
    {
        Role.AGENT: "Agent",
        Role.MANAGER: "Manager",
        Role.ADMIN: "Administrator",
        Role.SUPPORT: "Support",
        Role.SENIOR_AGENT: "Senior agent",
        Role.UNDERWRITER: "Underwriter",
        Role.EXECUTIVE: "Executive",
        Role.ANALYST: "Analyst",
        Role.CUSTOMER: "Customer",
    }
)


class Permission(StrEnum):
    """One thing that a role may or may not do; the value says it in plain English."""

    HOME_VIEW = "see the home page"
    LEADS_VIEW = "see leads and opportunities"
    LEADS_EDIT = "enter, change and move leads and opportunities"
    LEADS_ASSIGN = "hand leads and opportunities to another owner"
    CUSTOMERS_VIEW = "see customers"
    CUSTOMERS_EDIT = "enter and change customers"
    CUSTOMERS_ASSIGN = "hand customers to another agent"
    CUSTOMERS_MERGE = "merge duplicate customers"
    PII_VIEW = "see personal data unmasked"
    KYC_VERIFY = "verify identity and address proofs"
    DOCUMENTS_VIEW = "open documents"
    DOCUMENTS_UPLOAD = "upload documents"
    MEDICAL_VIEW = "open medical reports"
    CATALOG_VIEW = "see products and rates"
    POLICIES_VIEW = "see policies"
    POLICIES_ENTER = "enter policy applications and change policies"
    POLICIES_ISSUE = "underwrite and issue policies"
    CLAIMS_VIEW = "see claims"
    CLAIMS_REPORT = "report a claim"
    CLAIMS_HANDLE = "work on claims: documents, reserve, assessment"
    CLAIMS_APPROVE = "approve or reject claims within their authority"
    KPIS_VIEW = "see the KPI dashboards"
    EXPORT = "export what is shown"
    IMPORT = "import files"
    VIEWS_SHARE = "share saved views"
    DATA_REFRESH = "refresh the analytic data"
    USERS_ADMIN = "manage users and roles"
    REFERENCE_ADMIN = "manage products, territories and lists"
    RATES_APPROVE = "approve rates that somebody else entered"
    AUDIT_VIEW = "read the audit log"


_P = Permission
_EVERYONE = frozenset({_P.HOME_VIEW})
_AGENT = _EVERYONE | {
    _P.LEADS_VIEW,
    _P.LEADS_EDIT,
    _P.CUSTOMERS_VIEW,
    _P.CUSTOMERS_EDIT,
    _P.PII_VIEW,
    _P.DOCUMENTS_VIEW,
    _P.DOCUMENTS_UPLOAD,
    _P.CATALOG_VIEW,
    _P.POLICIES_VIEW,
    _P.POLICIES_ENTER,
    _P.CLAIMS_VIEW,
    _P.CLAIMS_REPORT,
    _P.KPIS_VIEW,
    _P.EXPORT,
}
# Issues nothing: what is in a senior agent's book is their own sale, and no seller issues.
_SENIOR = _AGENT | {_P.KYC_VERIFY}
_MANAGER = _SENIOR | {
    _P.POLICIES_ISSUE,
    _P.LEADS_ASSIGN,
    _P.CUSTOMERS_ASSIGN,
    _P.CUSTOMERS_MERGE,
    _P.CLAIMS_HANDLE,
    _P.CLAIMS_APPROVE,
    _P.IMPORT,
    _P.VIEWS_SHARE,
    _P.RATES_APPROVE,
}

GRANTS = MappingProxyType(
    {
        Role.AGENT: frozenset(_AGENT),
        Role.SENIOR_AGENT: frozenset(_SENIOR),
        Role.MANAGER: frozenset(_MANAGER),
        Role.UNDERWRITER: _EVERYONE
        | {
            _P.CUSTOMERS_VIEW,
            _P.PII_VIEW,
            _P.KYC_VERIFY,
            _P.DOCUMENTS_VIEW,
            _P.DOCUMENTS_UPLOAD,
            _P.MEDICAL_VIEW,
            _P.CATALOG_VIEW,
            _P.POLICIES_VIEW,
            _P.POLICIES_ISSUE,
            _P.CLAIMS_VIEW,
            _P.RATES_APPROVE,
            _P.EXPORT,
        },
        Role.SUPPORT: _EVERYONE
        | {
            _P.CUSTOMERS_VIEW,
            _P.CUSTOMERS_EDIT,
            _P.PII_VIEW,
            _P.KYC_VERIFY,
            _P.DOCUMENTS_VIEW,
            _P.DOCUMENTS_UPLOAD,
            _P.CATALOG_VIEW,
            _P.POLICIES_VIEW,
            _P.CLAIMS_VIEW,
            _P.CLAIMS_REPORT,
            _P.CLAIMS_HANDLE,
            _P.CLAIMS_APPROVE,
            _P.EXPORT,
        },
        Role.EXECUTIVE: _EVERYONE
        | {
            _P.LEADS_VIEW,
            _P.CUSTOMERS_VIEW,
            _P.CATALOG_VIEW,
            _P.POLICIES_VIEW,
            _P.CLAIMS_VIEW,
            _P.KPIS_VIEW,
            _P.EXPORT,
            _P.VIEWS_SHARE,
        },
        Role.ANALYST: _EVERYONE
        | {
            _P.LEADS_VIEW,
            _P.CUSTOMERS_VIEW,
            _P.CATALOG_VIEW,
            _P.POLICIES_VIEW,
            _P.CLAIMS_VIEW,
            _P.KPIS_VIEW,
            _P.EXPORT,
            _P.VIEWS_SHARE,
        },
        Role.ADMIN: frozenset(Permission) - {_P.MEDICAL_VIEW},
        Role.CUSTOMER: _EVERYONE,
    }
)

# Roles that see every row; the others see their book or their subtree (design.md, Viewer).
SEES_ALL_ROWS = frozenset({Role.ADMIN, Role.EXECUTIVE, Role.ANALYST, Role.UNDERWRITER, Role.SUPPORT})
