"""Documents that are written from the code: events as JSON Schemas, page and AsyncAPI; permissions."""
