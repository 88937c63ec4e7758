"""How a picture is made: submitted as a row, claimed, attempted, applied, saved."""
