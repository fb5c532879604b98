"""What can be measured or read off a picture without understanding it."""
