/**
 * Short names of modules that Ansible still accepts for collections that set up no hosts: clouds,
 * networks, storage, Windows. Most begin with the name of a product.
 */
const FAMILIES = splitWords(`
  aci_ avi_ aws_ azure_ bigip_ bigiq_ ce_ checkpoint_ cnos_ cp_ cs_ digital_ ec2_ ecs_ elb_ eos_ exos_ fmgr_ fortios_
  gce_ gcp_ hcloud_ iam_ icx_ infini_ ios_ iosxr_ junos_ kubevirt_ meraki_ mso_ na_ net_ netapp_ netscaler_ nxos_ onyx_
  os_ ovirt_ panos_ pn_ purefa_ purefb_ rds_ s3_ slxos_ tower_ ucs_ vmware_ vr_ vultr_ vyos_ win_
`);

const OTHERS = splitWords(`
  a10_server a10_server_axapi3 a10_service_group a10_virtual_server aireos_command aireos_config apconos_command
  aruba_command aruba_config asa_acl asa_command asa_config asa_og async_status.ps1 bcf_switch bigmon_chain
  bigmon_policy cli_command cli_config cloudformation cloudformation_exports_info cloudformation_facts
  cloudformation_info cloudformation_stack_set cloudfront_distribution cloudfront_facts cloudfront_info
  cloudfront_invalidation cloudfront_origin_access_identity cloudscale_floating_ip cloudscale_server
  cloudscale_server_group cloudscale_volume cloudtrail cloudwatchevent_rule cloudwatchlogs_log_group
  cloudwatchlogs_log_group_facts cloudwatchlogs_log_group_info cloudwatchlogs_log_group_metric_filter cpm_plugconfig
  cpm_plugcontrol cpm_serial_port_config cpm_serial_port_info cpm_user cv_server_provision cyberark_authentication
  cyberark_user data_pipeline dellos10_command dellos10_config dellos10_facts dellos6_command dellos6_config
  dellos6_facts dellos9_command dellos9_config dellos9_facts dladm_etherstub dladm_iptun dladm_linkprop dladm_vlan
  dladm_vnic dms_endpoint dms_replication_subnet_group dynamodb_table dynamodb_ttl ec2 edgeos_command edgeos_config
  edgeos_facts edgeswitch_facts edgeswitch_vlan efs efs_facts efs_info elasticache elasticache_facts elasticache_info
  elasticache_parameter_group elasticache_snapshot elasticache_subnet_group enos_command enos_config enos_facts
  eric_eccli_command execute_lambda exo_dns_domain exo_dns_record faz_device flowadm formerly_core_ping frr_bgp
  frr_facts ftd_configuration ftd_file_download ftd_file_upload ftd_install gc_storage gcpubsub gcpubsub_info
  hetzner_failover_ip hetzner_failover_ip_info hetzner_firewall hetzner_firewall_info iam iap_start_workflow iap_token
  idrac_firmware idrac_server_config_profile ig_config ig_unit_information intersight_facts intersight_info
  intersight_rest_api ipadm_addr ipadm_addrprop ipadm_if ipadm_ifprop ipadm_prop ironware_command ironware_config
  ironware_facts kinesis_stream lambda lambda_alias lambda_event lambda_facts lambda_info lambda_policy lightsail nclu
  netact_cm_command netbox_device netbox_interface netbox_ip_address netbox_prefix netbox_site netconf_config
  netconf_get netconf_rpc nos_command nos_config nos_facts nso_action nso_config nso_query nso_show nso_verify
  nuage_vspk ome_device_info openvswitch_bridge openvswitch_db openvswitch_port opx_cps ordnance_config ordnance_facts
  psexec rds redshift redshift_cross_region_snapshots redshift_facts redshift_info redshift_subnet_group restconf_config
  restconf_get route53 route53_facts route53_health_check route53_info route53_zone routeros_command routeros_facts
  setup.ps1 skydive_capture skydive_edge skydive_node slurp.ps1 snow_record snow_record_find sns sns_topic sqs_queue
  sros_command sros_config sros_rollback sts_assume_role sts_session_token telnet uses_redirected_action vca_fw vca_nat
  vca_vapp vcenter_extension vcenter_extension_facts vcenter_extension_info vcenter_folder vcenter_license
  vdirect_commit vdirect_file vdirect_runnable voss_command voss_config voss_facts vsphere_copy vsphere_file
`);

// The words of a text.
function splitWords(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

// Whether a short name is that of a module for something that is no host.
export function isOfOtherFamily(name: string): boolean {
  return OTHERS.includes(name) || FAMILIES.some((start) => name.startsWith(start));
}
