"""Who works here: members, invitations, and roles that a second admin confirms."""
