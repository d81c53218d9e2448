package io.coordinator.server.call;

/**
 * What bounds ephemeral calls on one node.
 *
 * @param lineBytes a stream that has so much waiting gets no more calls, results or progress until it takes something
 * @param memoryBytes the heap that all calls may take, with the results that wait for their callers
 * @param callsPerStream calls of one caller that are not over
 * @param callBytesPerStream the heap that they may take
 * @param servedPerStream procedures that one worker's stream serves
 * @param servedMax procedures that are served on this node, once for each worker
 * @param streamsMax streams of this node
 * @param slowConsumerMillis how long a client may take nothing of what it is sent
 */
public record CallSettings(
        long lineBytes,
        long memoryBytes,
        int callsPerStream,
        long callBytesPerStream,
        int servedPerStream,
        int servedMax,
        int streamsMax,
        long slowConsumerMillis) {}
