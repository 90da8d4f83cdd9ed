"""Documents that are written from the code: the events as JSON Schemas, as a page and as AsyncAPI."""
