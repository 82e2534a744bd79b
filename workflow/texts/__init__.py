"""The texts of the pure core, one module an area; each registers itself with `workflow.locale`."""
