package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Promises;
import java.util.concurrent.Executor;

/**
 * Where user code runs, and what it gets.
 *
 * @param promises for what handles give to user code, however the call was made
 * @param callbacks runs listeners
 * @param worker runs jobs that may take long
 * @param data what functions under a lock write to
 */
public record UserSide(Promises promises, Executor callbacks, Executor worker, FencedData data) {}
