"""The reference shows what is taken and answered that is not JSON."""

from __future__ import annotations

from typing import Any

from tests.scheduler.practice import AT_THE_DOOR, Practice


async def operation(practice: Practice, method: str, path: str) -> Any:
    document = await (await practice.client.get("/openapi.json")).json()
    return document["paths"][path][method]


@AT_THE_DOOR
async def test_a_table_is_taken_as_csv_and_as_nothing_else(practice: Practice) -> None:
    found = await operation(practice, "post", "/v1/imports")
    assert list(found["requestBody"]["content"]) == ["text/csv"]
    assert {"201", "413", "415", "422"} <= set(found["responses"])
    assert "400" not in found["responses"]


@AT_THE_DOOR
async def test_an_export_comes_in_three_forms(practice: Practice) -> None:
    for path in ("/v1/clients/{id}/export", "/v1/clinicians/{id}/export"):
        found = await operation(practice, "get", path)
        content = found["responses"]["200"]["content"]
        assert list(content) == ["application/json", "text/calendar", "text/csv"]
