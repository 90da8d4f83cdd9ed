"""The payment providers: one port, one table of what each can do, one adapter each."""
