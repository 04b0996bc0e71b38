"""The page: what all reports of a folder say, to look at; read, then view models, then templates."""
