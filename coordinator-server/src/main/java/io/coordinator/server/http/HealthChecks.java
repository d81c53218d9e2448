package io.coordinator.server.http;

/** The three questions of an orchestrator. Local knowledge only; answered at once. */
public interface HealthChecks {
    /** Has the node loaded its state and opened its log? */
    Health startup();

    /** Does it know a leader, and has it caught up? */
    Health ready();

    /** Would a restart help? */
    Health live();
}
