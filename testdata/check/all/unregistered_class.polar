actor Robot {}
