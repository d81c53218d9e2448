package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import java.util.Random;

/** The use of one data type. Safe for use by many clients at once. */
interface Workload {
    /** What is used, as it stands in names and reports. */
    String kind();

    /** Does one random thing, and records what was asked and answered. */
    void step(CoordinatorClient client, String name, Random random);

    /** Has all checked that is not yet, after the last step. */
    default void finish(CoordinatorClient client) {}
}
