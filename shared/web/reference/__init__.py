"""The reference of a service: its OpenAPI document, made from what runs, and a page of it."""
