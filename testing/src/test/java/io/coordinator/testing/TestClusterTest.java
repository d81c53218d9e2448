package io.coordinator.testing;

@CoordinatorCluster
class TestClusterTest extends ClusterContract {}
