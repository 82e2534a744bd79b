"""The texts of the engine, one module an area; each registers itself with `workflow.locale`."""
