"""Sales plans: the list, and the page of one."""
