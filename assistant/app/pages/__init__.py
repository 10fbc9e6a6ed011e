"""The pages, one file each: layout, and handlers of a few lines that call the pipeline."""
