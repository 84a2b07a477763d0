"""The campaign: real servers, broken lines and desks that are killed, and a judge who reads what became of every act. For bench and tests only."""
