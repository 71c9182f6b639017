"""One file a modelling tool: each builds the model of the generator's policy as its own manual would."""
