"""Domain library of Noriai: rules, store, commands and views, without any screen."""
