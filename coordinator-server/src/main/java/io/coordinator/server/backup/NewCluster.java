package io.coordinator.server.backup;

/**
 * A cluster that was made of another one's state.
 *
 * @param clusterId its own
 * @param group its Raft group
 * @param indexBefore the last entry of the old cluster that is in it
 * @param revisionBefore the last revision of the old cluster that is in it
 * @param index where its log begins
 * @param revision where its revisions begin
 * @param term where its terms begin
 */
public record NewCluster(
        String clusterId, String group, long indexBefore, long revisionBefore, long index, long revision, long term) {}
