// Tests of AgentAPI.
