"""Private servers: a PostgreSQL and a RabbitMQ that belong to one folder and disturb nothing else."""
