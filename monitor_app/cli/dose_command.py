"""``chairside dose``: what a dose comes to (clinical.md §9.1, §9.4)."""

import argparse

from monitor_app.cli.output import print_json, trimmed
from monitor_app.core.dose import DoseResult, calculate_dose, format_mg
from monitor_app.core.dose_check import format_number

_DIGITS = 9  # far below what any pump can be set to; only hides the noise of binary fractions


def run_dose(arguments: argparse.Namespace) -> int:
    """Print the whole dose, its volume and rates, and what is unwise about them. Raises KnownError for nonsense."""
    result = calculate_dose(
        arguments.weight,
        arguments.dose,
        concentration_mg_per_ml=arguments.concentration,
        duration_min=arguments.minutes,
    )
    if arguments.json:
        print_json(_document(result))
        return 0
    print(f"Total dose  {format_mg(result.total_mg)}")
    print(f"Volume      {format_number(result.volume_ml)} mL")
    print(f"Pump rate   {format_number(result.rate_ml_h)} mL/h")
    print(f"Dose rate   {format_number(result.rate_mg_kg_h)} mg/kg/h")
    for warning in result.warnings:
        print(f"Warning: {warning}")
    return 0


def _document(result: DoseResult) -> dict[str, object]:
    return {
        "total_mg": trimmed(result.total_mg, _DIGITS),
        "volume_ml": trimmed(result.volume_ml, _DIGITS),
        "rate_ml_h": trimmed(result.rate_ml_h, _DIGITS),
        "rate_mg_kg_h": trimmed(result.rate_mg_kg_h, _DIGITS),
        "warnings": list(result.warnings),
    }
