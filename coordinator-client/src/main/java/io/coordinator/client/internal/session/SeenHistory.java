package io.coordinator.client.internal.session;

import io.coordinator.protocol.Welcome;

/**
 * How far the cluster's history has gone, as far as this client was told. A leader holds all that any leader before it
 * has shown, so one that holds less, or leads an earlier term, was started from an older copy of the disks. Lives on
 * the loop.
 *
 * <p>A cluster that was made anew has another id. One that was started from copies of its directories has not: it
 * cannot be noticed if its history has already overtaken the old one in both term and revision.
 */
final class SeenHistory {
    private long term;
    private long revision;
    private String clusterId = "";

    /** A leader, not just any node, has shown a state of this revision. */
    void shown(long shownRevision) {
        revision = Math.max(revision, shownRevision);
    }

    /** Whether what this client has seen is not in the state of the leader that welcomes it. */
    boolean isMissingIn(Welcome welcome) {
        return isOfAnother(welcome)
                || (welcome.hasRevision() && (welcome.getTerm() < term || welcome.getRevision() < revision));
    }

    /** Whether the cluster was made anew: of a backup, or of a survivor of a lost majority. */
    boolean isOfAnother(Welcome welcome) {
        return !clusterId.isEmpty() && !welcome.getClusterId().isEmpty() && !clusterId.equals(welcome.getClusterId());
    }

    /** That leader's history counts from now on, and goes on from what was seen. */
    void goOn(Welcome welcome) {
        know(welcome);
        term = Math.max(term, welcome.getTerm());
        shown(welcome.getRevision());
    }

    /** That leader's history counts from now on, whatever was seen. */
    void beginAnew(Welcome welcome) {
        know(welcome);
        term = welcome.getTerm();
        revision = welcome.getRevision();
    }

    private void know(Welcome welcome) {
        if (!welcome.getClusterId().isEmpty()) {
            clusterId = welcome.getClusterId();
        }
    }
}
