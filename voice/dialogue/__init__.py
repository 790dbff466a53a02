"""What the bot understands and answers, and nothing a playbook does not carry."""
